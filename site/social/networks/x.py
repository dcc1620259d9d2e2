"""X, by tweepy's client of API v2 with OAuth 1.0a; pictures by our own call, as tweepy's still goes to v1.1.

X has no idempotency key and no Retry-After. Its texts come back with t.co addresses and HTML's entities.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, ClassVar

import requests
import tweepy
from django.conf import settings
from tweepy.auth import OAuth1UserHandler

from social.networks.wire import Figures, Item, Kind, Network, Problem, Profile, Sent, before_the_post, from_requests, kind_of, reset_of, session_for

if TYPE_CHECKING:
    from collections.abc import Collection

HOST = "https://api.twitter.com"
UPLOAD = f"{HOST}/2/media"
SHORTENED = re.compile(r"https://t\.co/\w+")
ADDRESS = re.compile(r"https?://\S+")
# Our clock and theirs.
SKEW = timedelta(minutes=15)


class X(Network):
    most_asked: ClassVar[int] = 100

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        keys = {name: self.credentials.get(name, "") for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret")}
        self.client = tweepy.Client(**keys, return_type=dict, wait_on_rate_limit=False)
        self.client.session = session_for(HOST, settings.SOCIAL_HOSTS["x"])
        self.sign = OAuth1UserHandler(*keys.values()).apply_auth()

    def close(self) -> None:
        self.client.session.close()

    def publish(self, item: Item) -> Sent:
        values: dict[str, Any] = {"text": item.text}
        if item.reply:
            values["in_reply_to_tweet_id"] = item.reply["id"]
        if item.picture:
            try:
                values["media_ids"] = [self._upload(item)]
            except Problem as problem:
                raise before_the_post(problem) from None
        made = self._ask(self.client.create_tweet, **values)
        return self._sent(str(made["data"]["id"]))

    def _sent(self, number: str) -> Sent:
        return Sent(number, f"https://x.com/i/status/{number}", {"id": number})

    def _ask(self, call: Any, *args: Any, **values: Any) -> dict[str, Any]:
        try:
            found: dict[str, Any] = call(*args, user_auth=True, **values)
        except tweepy.HTTPException as error:
            raise self._problem(error.response, error) from None
        except requests.RequestException as error:
            raise Problem(from_requests(error), self.clean(type(error).__name__)) from None
        except ValueError:
            raise Problem(Kind.UNKNOWN, "The answer is no JSON.") from None
        return found

    def _problem(self, response: Any, words: object) -> Problem:
        kind, text = kind_of(response.status_code), self.clean(words)
        if response.status_code == 403 and re.search(r"suspended|locked", text, re.IGNORECASE):
            kind = Kind.GONE
        return Problem(kind, text, status=response.status_code, until=reset_of(response.headers))

    def _upload(self, item: Item) -> str:
        assert item.picture  # noqa: S101 — for mypy: asked by the caller
        files = {"media": ("picture", item.picture.content, item.picture.mime)}
        made = self._post(f"{UPLOAD}/upload", files=files, data={"media_category": "tweet_image", "media_type": item.picture.mime})
        number = str(made["data"]["id"])
        if item.picture.alt:
            self._post(f"{UPLOAD}/metadata", json={"id": number, "metadata": {"alt_text": {"text": item.picture.alt[:1000]}}})
        return number

    def _post(self, url: str, **values: Any) -> dict[str, Any]:
        try:
            response = self.client.session.post(url, auth=self.sign, allow_redirects=False, **values)
            if not response.ok:
                raise self._problem(response, f"{response.status_code} {response.reason}")
            found: dict[str, Any] = response.json()
        except requests.RequestException as error:
            raise Problem(from_requests(error), self.clean(type(error).__name__)) from None
        return found

    def find(self, item: Item, since: datetime, known: Collection[str]) -> Sent | None:
        user = self.credentials.get("user_id") or self.profile().id
        found = self._ask(self.client.get_users_tweets, user, max_results=100, tweet_fields=["created_at", "entities"])
        for row in found.get("data", ()):
            at = datetime.fromisoformat(row["created_at"]).astimezone(UTC)
            if row["id"] not in known and at >= since - SKEW and is_same(item, row):
                return self._sent(row["id"])
        return None

    def there(self, ids: Collection[str]) -> set[str]:
        found = self._ask(self.client.get_tweets, list(ids))
        return {row["id"] for row in found.get("data", ())}

    def figures(self, ids: Collection[str]) -> dict[str, Figures]:
        found = self._ask(self.client.get_tweets, list(ids), tweet_fields=["public_metrics", "non_public_metrics"])
        return {row["id"]: _figures(row.get("public_metrics", {}), row.get("non_public_metrics", {})) for row in found.get("data", ())}

    def profile(self) -> Profile:
        me = self._ask(self.client.get_me, user_fields=["public_metrics"])["data"]
        return Profile(str(me["id"]), me["username"], me.get("public_metrics", {}).get("followers_count"))


def is_same(item: Item, row: dict[str, Any]) -> bool:
    """A link of ours is in no other post; without one the text decides, whatever X has made of the addresses in it."""
    expanded = {url.get("unwound_url") or url.get("expanded_url", "") for url in row.get("entities", {}).get("urls", ())}
    if item.link:
        return item.link in expanded
    return _bare(SHORTENED.sub(" ", unescape(row["text"]))) == _bare(ADDRESS.sub(" ", item.text))


def _bare(text: str) -> str:
    return " ".join(text.split())


def _figures(public: dict[str, int], private: dict[str, int]) -> Figures:
    shown = private.get("impression_count", public.get("impression_count"))
    reposts = public.get("retweet_count", 0) + public.get("quote_count", 0)
    return Figures(shown, public.get("like_count", 0), reposts, public.get("reply_count", 0))
