"""Bluesky, a personal data server. Formats: atproto 0.0.x (`atproto_client`: models, session, request) and the lexicons it was generated from
(com.atproto.server.createSession,
refreshSession, com.atproto.repo.createRecord, getRecord, uploadBlob, app.bsky.feed.getPosts, getAuthorFeed, app.bsky.actor.getProfile);
limits: docs.bsky.app.
"""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from tests.social.servers.base import Answer, Asked, Network, Post

HANDLE, PASSWORD, DID = "kantama.bsky.social", "abcd-efgh-ijkl-mnop", "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
NAMES = {
    400: "InvalidRequest",
    401: "AuthenticationRequired",
    403: "Forbidden",
    429: "RateLimitExceeded",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}
CID = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"
POST = "app.bsky.feed.post"


def token(seconds: float, scope: str) -> str:
    parts = [
        {"alg": "HS256", "typ": "at+jwt"},
        {"scope": scope, "sub": DID, "iat": int(time.time()), "exp": int(time.time() + seconds), "aud": "did:web:test"},
    ]
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "c2ln"])


class Bluesky(Network):
    def __init__(self) -> None:
        super().__init__()
        self.access: set[str] = set()
        self.refresh: set[str] = set()
        self.sessions = self.refreshed = 0
        self.lasts = 7200.0

    def problem(self, status: int) -> Answer:
        return Answer(status, {"error": NAMES.get(status, "Error"), "message": f"Problem {status}"})

    def until(self, seconds: int) -> dict[str, str]:
        return {
            "RateLimit-Limit": "5000",
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(int(time.time()) + seconds),
            "RateLimit-Policy": "5000;w=3600",
        }

    def open_session(self) -> Answer:
        access, refresh = (
            token(self.lasts, "com.atproto.appPass") + str(self.next_number()),
            token(9e6, "com.atproto.refresh") + str(self.next_number()),
        )
        self.access.add(access)
        self.refresh.add(refresh)
        return Answer(content={"accessJwt": access, "refreshJwt": refresh, "handle": HANDLE, "did": DID, "active": True})

    def answer(self, asked: Asked) -> Answer | None:
        way, bearer = asked.path.removeprefix("/xrpc/"), asked.headers.get("authorization", "").removeprefix("Bearer ")
        if way == "com.atproto.server.createSession":
            told = asked.json()
            if (
                told != {"identifier": HANDLE, "password": PASSWORD} and (told.get("identifier"), told.get("password")) != (HANDLE, PASSWORD)
            ) or self.revoked:
                return self.problem(401)
            self.sessions += 1
            return self.open_session()
        if way == "com.atproto.server.refreshSession":
            if bearer not in self.refresh or self.revoked:
                return Answer(400, {"error": "ExpiredToken", "message": "Token has been revoked"})
            self.refresh.remove(bearer)
            self.refreshed += 1
            return self.open_session()
        if bearer not in self.access or self.revoked:
            return Answer(400, {"error": "ExpiredToken", "message": "Token has expired"})
        match way:
            case "com.atproto.repo.createRecord":
                return self.create(asked.json())
            case "com.atproto.repo.getRecord":
                uri = f"at://{asked.query['repo']}/{asked.query['collection']}/{asked.query['rkey']}"
                if uri not in self.posts:
                    return Answer(400, {"error": "RecordNotFound", "message": f"Could not locate record: {uri}"})
                return Answer(content={"uri": uri, "cid": CID, "value": self.posts[uri].facts["record"]})
            case "com.atproto.repo.uploadBlob":
                return self.upload(asked)
            case "app.bsky.actor.getProfile":
                return Answer(
                    content={"did": DID, "handle": HANDLE, "displayName": "Kantama", "followersCount": self.followers, "postsCount": len(self.posts)}
                )
            case "app.bsky.feed.getPosts":
                uris = [value for name, value in asked.query.items() if name == "uris"]
                return Answer(content={"posts": [self.shown(self.posts[uri]) for uri in uris if uri in self.posts]})
            case "app.bsky.feed.getAuthorFeed":
                return Answer(content={"feed": [{"post": self.shown(post)} for post in reversed(self.posts.values())]})
        return self.problem(400)

    def create(self, told: dict[str, Any]) -> Answer | None:
        record, uri = told["record"], f"at://{DID}/{told['collection']}/{told['rkey']}"
        if told["repo"] != DID or told["collection"] != POST or len(record["text"].encode()) > 3000:
            return self.problem(400)
        if uri in self.posts:
            return Answer(400, {"error": "InvalidRequest", "message": f"There is already a value at key: {told['collection']}/{told['rkey']}"})
        return self.making(
            lambda: self.keep_once(record["text"], uri, record),
            lambda post: Answer(content={"uri": post.id, "cid": CID, "validationStatus": "valid", "commit": {"cid": CID, "rev": "3kabc"}}),
        )

    def keep_once(self, text: str, uri: str, record: dict[str, Any]) -> Post:
        with self.one_by_one:
            return self.posts.get(uri) or self.keep(text, id=uri, record=record)

    def shown(self, post: Post) -> dict[str, Any]:
        figures = {name: post.figures.get(name, 0) for name in ("likeCount", "repostCount", "replyCount", "quoteCount")}
        author = {"did": DID, "handle": HANDLE}
        return {
            "uri": post.id,
            "cid": CID,
            "author": author,
            "record": post.facts["record"],
            "indexedAt": post.at.isoformat(),
            "$type": "app.bsky.feed.defs#postView",
        } | figures

    def upload(self, asked: Asked) -> Answer:
        if len(asked.body) > 1_000_000:
            return Answer(400, {"error": "BlobTooLarge", "message": "This file is too large."})
        self.pictures[str(self.next_number())] = {"size": len(asked.body)}
        kind = asked.headers.get("content-type", "image/jpeg")
        link = "bafkreibjxxtgpbnkvhr5lvnxrjsg5qkqzcwfbuk2lwkwchkbxhvvzaqjze"
        return Answer(
            content={"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": "image/jpeg" if kind == "*/*" else kind, "size": len(asked.body)}}
        )
