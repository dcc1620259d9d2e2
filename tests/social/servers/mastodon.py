"""Mastodon. Formats: Mastodon.py 2.x (`statuses.py`, `media.py`, `internals.py`: what it sends and reads) and docs.joinmastodon.org (statuses
with Idempotency-Key,
v2/media with 202 and 206, accounts, rate limits, v2/instance)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from tests.social.servers.base import Answer, Asked, Network, Post

TOKEN = "mastodon-token"
WORDS = {
    400: "Bad request",
    401: "The access token was revoked",
    403: "This action is not allowed",
    404: "Record not found",
    422: "Validation failed",
    429: "Too many requests",
}


class Mastodon(Network):
    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, str] = {}
        # So often a picture is still being processed when it is asked for.
        self.processing = 1
        self.longest = 500

    def problem(self, status: int) -> Answer:
        return Answer(status, {"error": WORDS.get(status, "Something went wrong on our end")})

    def until(self, seconds: int) -> dict[str, str]:
        ends = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
        return {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": ends}

    def answer(self, asked: Asked) -> Answer | None:
        way = asked.path.strip("/").split("/")
        if way == ["api", "v2", "instance"]:
            limits = {"statuses": {"max_characters": self.longest, "characters_reserved_per_url": 23}}
            limits["media_attachments"] = {"image_size_limit": 16_777_216, "image_matrix_limit": 33_177_600, "description_limit": 1500}  # type: ignore[dict-item]
            return Answer(content={"domain": "mastodon.test", "title": "Test", "version": "4.5.0", "configuration": limits})
        if asked.headers.get("authorization") != f"Bearer {TOKEN}" or self.revoked:
            return self.problem(401)
        match asked.method, way:
            case "POST", ["api", "v1", "statuses"]:
                return self.create(asked)
            case "GET", ["api", "v1", "statuses", key]:
                return Answer(content=self.shown(self.posts[key])) if key in self.posts else self.problem(404)
            case "POST", ["api", "v2", "media"]:
                return self.upload(asked)
            case "GET", ["api", "v1", "media", key]:
                return self.media(key)
            case "GET", ["api", "v1", "accounts", "verify_credentials"]:
                return Answer(content=self.account())
            case "GET", ["api", "v1", "accounts", "7", "statuses"]:
                newest = sorted(self.posts.values(), key=lambda post: int(post.id), reverse=True)[: int(asked.query.get("limit", 20))]
                return Answer(content=[self.shown(post) for post in newest])
        return self.problem(404)

    def account(self) -> dict[str, Any]:
        return {
            "id": "7",
            "username": "kantama",
            "acct": "kantama",
            "display_name": "Kantama",
            "url": "https://mastodon.test/@kantama",
            "followers_count": self.followers,
            "source": {"privacy": "public"},
        }

    def create(self, asked: Asked) -> Answer | None:
        told, key = asked.form(), asked.headers.get("idempotency-key", "")
        if key in self.keys and self.keys[key] in self.posts:
            return Answer(content=self.shown(self.posts[self.keys[key]]))
        media = [value for name, value in told.items() if name.startswith("media_ids")]
        if len(told.get("status", "")) > self.longest * 2 or any(self.pictures[one]["waits"] > 0 for one in media):
            return self.problem(422)

        def make() -> Post:
            with self.one_by_one:
                known = self.posts.get(self.keys.get(key, ""))
                return known or make_new()

        def make_new() -> Post:
            post = self.keep(told["status"], reply=told.get("in_reply_to_id", ""), media=media, language=told.get("language", ""))
            self.keys[key] = post.id
            return post

        return self.making(make, lambda post: Answer(content=self.shown(post)))

    def shown(self, post: Post) -> dict[str, Any]:
        figures = {name: post.figures.get(name, 0) for name in ("favourites_count", "reblogs_count", "replies_count")}
        content = (
            "<p>" + re.sub(r"(https?://\S+)", r'<a href="\1"><span class="invisible">https://</span>…</a>', escape(post.text, quote=False)) + "</p>"
        )
        facts = {"id": post.id, "uri": f"https://mastodon.test/users/kantama/statuses/{post.id}", "url": f"https://mastodon.test/@kantama/{post.id}"}
        return (
            facts
            | figures
            | {"content": content, "created_at": post.at.isoformat(), "visibility": "public", "account": self.account(), "media_attachments": []}
        )

    def upload(self, asked: Asked) -> Answer:
        key = str(self.next_number())
        found = re.search(rb'name="description"\r\n\r\n(.*?)\r\n--', asked.body, re.DOTALL)
        self.pictures[key] = {"size": len(asked.body), "alt": found[1].decode() if found else "", "waits": self.processing}
        status = 202 if self.processing else 200
        return Answer(status, {"id": key, "type": "image", "url": None if self.processing else f"https://mastodon.test/{key}.jpg"})

    def media(self, key: str) -> Answer:
        picture = self.pictures[key]
        picture["waits"] -= 1
        is_ready = picture["waits"] <= 0
        return Answer(200 if is_ready else 206, {"id": key, "type": "image", "url": f"https://mastodon.test/{key}.jpg" if is_ready else None})
