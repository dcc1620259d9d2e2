"""LinkedIn's versioned REST API. Formats: learn.microsoft.com/linkedin (Posts API, Images API, Organization Share Statistics, network sizes,
programmatic refresh tokens,
rate limits, little text format). There is no official Python client whose code could be cited beside it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from tests.social.servers.base import Answer, Asked, Network, Post

ORGANISATION = "urn:li:organization:2414183"
CLIENT, SECRET, FIRST, REFRESH = "client-id", "client-secret", "linkedin-access-1", "linkedin-refresh"
VERSION = re.compile(r"20\d{4}")
RESERVED = re.compile(r"(?<!\\)[|{}@\[\]()<>#*_~]")
CODES = {
    400: "INVALID_DATA",
    401: "EXPIRED_ACCESS_TOKEN",
    403: "ACCESS_DENIED",
    404: "NOT_FOUND",
    426: "NONEXISTENT_VERSION",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL_SERVER_ERROR",
    503: "SERVICE_UNAVAILABLE",
}


class LinkedIn(Network):
    def __init__(self) -> None:
        super().__init__()
        self.tokens = {FIRST}
        self.url = ""
        self.refreshed = 0
        self.withdrawn = ""

    def problem(self, status: int) -> Answer:
        return Answer(status, {"status": status, "code": CODES.get(status, "ERROR"), "message": f"Problem {status}"})

    def until(self, seconds: int) -> dict[str, str]:
        return {"Retry-After": str(seconds)}

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path == "/oauth/v2/accessToken":
            return self.renew(asked.form())
        if asked.path.startswith("/upload/"):
            picture = self.pictures[unquote(asked.path.removeprefix("/upload/"))]
            picture["size"] = len(asked.body)
            return Answer(201)
        if not self.is_signed(asked):
            return self.problem(401)
        version = asked.headers.get("linkedin-version", "")
        if not VERSION.fullmatch(version) or version == self.withdrawn:
            return self.problem(426)
        match asked.method, asked.path.removeprefix("/rest/").split("/"):
            case "POST", ["posts"]:
                return self.create(asked.json())
            case "GET", ["posts"]:
                if asked.headers.get("x-restli-method") != "FINDER" or asked.query["author"] != ORGANISATION:
                    return self.problem(400)
                newest = sorted(self.posts.values(), key=lambda post: post.at, reverse=True)[: int(asked.query.get("count", 10))]
                return Answer(content={"elements": [self.shown(post) for post in newest]})
            case "GET", ["posts", key]:
                return Answer(content=self.shown(self.posts[unquote(key)])) if unquote(key) in self.posts else self.problem(404)
            case "POST", ["images"]:
                urn = f"urn:li:image:C4E{self.next_number()}"
                self.pictures[urn] = {}
                return Answer(content={"value": {"uploadUrlExpiresAt": 9e12, "uploadUrl": f"{self.url}/upload/{urn}", "image": urn}})
            case "GET", ["organizationalEntityShareStatistics"]:
                return Answer(
                    content={"elements": [self.statistics(post) for post in self.posts.values() if post.id in asked.query.get("shares", "")]}
                )
            case "GET", ["networkSizes", _]:
                return Answer(content={"firstDegreeSize": self.followers})
            case "GET", ["organizations", _]:
                return Answer(content={"id": 2414183, "localizedName": "Kantama", "vanityName": "kantama"})
        return self.problem(404)

    def is_signed(self, asked: Asked) -> bool:
        return asked.headers.get("authorization", "").removeprefix("Bearer ") in self.tokens and not self.revoked

    def renew(self, told: dict[str, str]) -> Answer:
        wanted = {"grant_type": "refresh_token", "refresh_token": REFRESH, "client_id": CLIENT, "client_secret": SECRET}
        if told != wanted or self.revoked:
            return Answer(400, {"error": "invalid_grant", "error_description": "The provided authorization grant or refresh token is invalid"})
        self.refreshed += 1
        fresh = f"linkedin-access-{self.refreshed + 1}"
        self.tokens = {fresh}
        return Answer(content={"access_token": fresh, "expires_in": 5_184_000, "refresh_token": REFRESH, "refresh_token_expires_in": 31_536_000})

    def create(self, told: dict[str, Any]) -> Answer | None:
        bare = re.sub(r"\{hashtag\|\\#\|[^}]*\}", "", told.get("commentary", ""))
        if told.get("author") != ORGANISATION or told.get("lifecycleState") != "PUBLISHED" or RESERVED.search(bare):
            return self.problem(400)
        media = told.get("content", {}).get("media", {})
        if media and media["id"] not in self.pictures:
            return self.problem(400)
        return self.making(
            lambda: self.keep(told["commentary"], id=f"urn:li:share:{self.next_number()}", content=told.get("content", {})),
            lambda post: Answer(201, None, {"x-restli-id": post.id}),
        )

    def shown(self, post: Post) -> dict[str, Any]:
        made = int(post.at.timestamp() * 1000)
        return {"id": post.id, "author": ORGANISATION, "commentary": post.text, "createdAt": made, "publishedAt": made, "lifecycleState": "PUBLISHED"}

    def statistics(self, post: Post) -> dict[str, Any]:
        names = ("impressionCount", "likeCount", "commentCount", "shareCount", "clickCount")
        return {"share": post.id, "organizationalEntity": ORGANISATION, "totalShareStatistics": {name: post.figures.get(name, 0) for name in names}}
