"""X, API v2. Formats: tweepy 4.17 `client.py` (routes, parameters, what it reads of errors and of x-rate-limit-reset) and docs.x.com (create
post, media upload v2,
media metadata, post lookup, user posts). OAuth 1.0a: the header is looked at for its token, its signature is not checked."""

from __future__ import annotations

import re
import time
from html import escape
from typing import Any

from tests.social.servers.base import Answer, Asked, Network, Post

TOKEN = "x-access-token"
USER = "2244994945"
TITLES = {
    400: "Invalid Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
URL = re.compile(r"https?://\S+")


class X(Network):
    duplicate = "You are not allowed to create a Tweet with duplicate content."

    def problem(self, status: int) -> Answer:
        return Answer(status, {"title": TITLES[status], "detail": f"{TITLES[status]}.", "type": "about:blank", "status": status})

    def until(self, seconds: int) -> dict[str, str]:
        """No Retry-After, as docs.x.com (rate limits) has it."""
        return {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(time.time()) + seconds)}

    def answer(self, asked: Asked) -> Answer | None:
        if f'oauth_token="{TOKEN}"' not in asked.headers.get("authorization", "") or self.revoked:
            return self.problem(401)
        match asked.method, asked.path.strip("/").split("/"):
            case "POST", ["2", "tweets"]:
                return self.create(asked.json())
            case "GET", ["2", "tweets"]:
                found = [self.posts[key] for key in asked.query["ids"].split(",") if key in self.posts]
                missing = [key for key in asked.query["ids"].split(",") if key not in self.posts]
                errors = [{"value": key, "resource_type": "tweet", "title": "Not Found Error"} for key in missing]
                return Answer(content=({"data": [self.shown(post) for post in found]} if found else {}) | ({"errors": errors} if errors else {}))
            case "GET", ["2", "users", "me"]:
                return Answer(
                    content={"data": {"id": USER, "name": "Kantama", "username": "kantama", "public_metrics": {"followers_count": self.followers}}}
                )
            case "GET", ["2", "users", _, "tweets"]:
                newest = sorted(self.posts.values(), key=lambda post: int(post.id), reverse=True)[: int(asked.query.get("max_results", 10))]
                shown = {"data": [self.shown(post) for post in newest]} if newest else {}
                return Answer(content=shown | {"meta": {"result_count": len(newest)}})
            case "POST", ["2", "media", "upload"]:
                return self.upload(asked)
            case "POST", ["2", "media", "metadata"]:
                told = asked.json()
                self.pictures[told["id"]]["alt"] = told["metadata"]["alt_text"]["text"]
                return Answer(content={"data": {"id": told["id"], "associated_metadata": told["metadata"]}})
        return self.problem(404)

    def create(self, told: dict[str, Any]) -> Answer | None:
        if told["text"] in {post.text for post in self.posts.values()}:
            return Answer(403, {"title": "Forbidden", "detail": self.duplicate, "type": "about:blank", "status": 403})
        media = told.get("media", {}).get("media_ids", [])
        reply = told.get("reply", {}).get("in_reply_to_tweet_id", "")
        if (reply and reply not in self.posts) or any(key not in self.pictures for key in media):
            return self.problem(400)
        return self.making(
            lambda: self.keep(told["text"], reply=reply, media=media), lambda post: Answer(201, {"data": {"id": post.id, "text": self.text_of(post)}})
        )

    def text_of(self, post: Post) -> str:
        """As X gives it back: its own short addresses for links, and HTML's entities."""
        return URL.sub("https://t.co/abcdefghij", escape(post.text, quote=False))

    def shown(self, post: Post) -> dict[str, Any]:
        urls = [{"url": "https://t.co/abcdefghij", "expanded_url": found} for found in URL.findall(post.text)]
        names = ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count")
        public = {name: post.figures.get(name, 0) for name in names} | {"impression_count": post.figures.get("impression_count", 0)}
        return {
            "id": post.id,
            "text": self.text_of(post),
            "created_at": post.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "edit_history_tweet_ids": [post.id],
            "public_metrics": public,
            "non_public_metrics": {"impression_count": public["impression_count"], "url_link_clicks": 0, "user_profile_clicks": 0},
        } | ({"entities": {"urls": urls}} if urls else {})

    def upload(self, asked: Asked) -> Answer:
        if len(asked.body) > 5 * 1024 * 1024 + 2000 or b'name="media"' not in asked.body or b"tweet_image" not in asked.body:
            return self.problem(400)
        key = str(self.next_number())
        self.pictures[key] = {"size": len(asked.body)}
        return Answer(content={"data": {"id": key, "media_key": f"3_{key}", "size": len(asked.body), "expires_after_secs": 86400}})
