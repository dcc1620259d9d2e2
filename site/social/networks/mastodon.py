"""Mastodon, by Mastodon.py. Its Idempotency-Key makes a repeat within the hour safe; docs.joinmastodon.org (statuses)."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, ClassVar

from mastodon import Mastodon as Client
from mastodon.errors import MastodonAPIError, MastodonError, MastodonNetworkError, MastodonRatelimitError

from social.networks.wire import Figures, Item, Kind, Network, Problem, Profile, Sent, before_the_post, from_requests, kind_of, session_for

if TYPE_CHECKING:
    from collections.abc import Collection

OLDEST = "4.0.0"
SKEW = timedelta(minutes=15)
LONGEST_PROCESSING = 30.0
TAG = re.compile(r"<[^>]*>")
BREAK = re.compile(r"<br\s*/?>|</p>\s*<p>")


class Mastodon(Network):
    # The server forgets a key after an hour; what stays of it is a margin for clocks and queues.
    repeats_for: ClassVar[timedelta | None] = timedelta(minutes=45)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        session = session_for(self.server, self.server)
        token = self.credentials.get("access_token", "")
        # Left to find the version by itself, Mastodon.py asks for it before each picture, and of servers before 4.3 it never stops asking.
        how: dict[str, Any] = {"ratelimit_method": "throw", "version_check_mode": "created", "mastodon_version": OLDEST}
        self.client = Client(access_token=token, api_base_url=self.server, session=session, **how)

    def close(self) -> None:
        self.client.session.close()

    def publish(self, item: Item) -> Sent:
        media: list[Any] = []
        if item.picture:
            try:
                media = [self._upload(item)]
            except Problem as problem:
                raise before_the_post(problem) from None
        made = self._ask(
            self.client.status_post,
            item.text,
            in_reply_to_id=item.reply.get("id"),
            media_ids=media or None,
            language=item.language,
            idempotency_key=item.key,
        )
        return self._sent(made)

    def _sent(self, status: Any) -> Sent:
        return Sent(str(status["id"]), str(status["url"] or status["uri"]), {"id": str(status["id"])})

    def _upload(self, item: Item) -> str:
        """Waits until the server has looked at the picture: a status with one that it has not is refused."""
        assert item.picture  # noqa: S101 — for mypy: asked by the caller
        made = self._ask(self.client.media_post, item.picture.content, mime_type=item.picture.mime, description=item.picture.alt[:1500])
        ends, pause = time.monotonic() + LONGEST_PROCESSING, 0.1
        while not made.get("url"):
            if time.monotonic() > ends:
                raise Problem(Kind.LATER, "The picture is still being processed.")
            time.sleep(pause)
            pause = min(pause * 2, 3)
            made = self._ask(self.client.media, made["id"])
        return str(made["id"])

    def _ask(self, call: Any, *args: Any, **values: Any) -> Any:
        try:
            return call(*args, **values)
        except MastodonRatelimitError as error:
            until = getattr(self.client, "ratelimit_reset", None)
            at = datetime.fromtimestamp(until, UTC) if until and until > time.time() else None
            raise Problem(Kind.LIMIT, self.clean(error), status=429, until=at) from None
        except MastodonNetworkError as error:
            raise Problem(from_requests(error.__context__ or error), self.clean(type(error.__context__).__name__)) from None
        except MastodonAPIError as error:
            status = next((part for part in error.args if isinstance(part, int)), 500)
            raise Problem(kind_of(status), self.clean(f"{status} {error.args[-1] or ''}"), status=status) from None
        except (MastodonError, ValueError, KeyError, TypeError) as error:
            raise Problem(Kind.UNKNOWN, f"The answer cannot be read ({type(error).__name__}).") from None

    def find(self, item: Item, since: datetime, known: Collection[str]) -> Sent | None:
        account = self.credentials.get("user_id") or self.profile().id
        for status in self._ask(self.client.account_statuses, account, limit=40):
            at = status["created_at"].astimezone(UTC)
            if str(status["id"]) not in known and at >= since - SKEW and self._is_same(item, str(status["content"])):
                return self._sent(status)
        return None

    def _is_same(self, item: Item, content: str) -> bool:
        if item.link:
            return f'href="{item.link}"' in content or f'href="{item.link.replace("&", "&amp;")}"' in content
        return " ".join(unescape(TAG.sub("", BREAK.sub(" ", content))).split()) == " ".join(item.text.split())

    def there(self, ids: Collection[str]) -> set[str]:
        return set(self._statuses(ids))

    def _statuses(self, ids: Collection[str]) -> dict[str, Any]:
        found = {}
        for number in ids:
            try:
                found[number] = self._ask(self.client.status, number)
            except Problem as problem:
                if problem.kind is not Kind.GONE:
                    raise
        return found

    def figures(self, ids: Collection[str]) -> dict[str, Figures]:
        """Mastodon counts no impressions."""
        rows = self._statuses(ids).items()
        return {number: Figures(None, row["favourites_count"], row["reblogs_count"], row["replies_count"]) for number, row in rows}

    def profile(self) -> Profile:
        me, limits = self._ask(self.client.account_verify_credentials), self._ask(self.client.instance_v2)
        told = limits.get("configuration") or {}
        statuses, media = told.get("statuses") or {}, told.get("media_attachments") or {}
        wanted = {
            "characters": statuses.get("max_characters"),
            "address": statuses.get("characters_reserved_per_url"),
            "picture_bytes": media.get("image_size_limit"),
            "picture_pixels": media.get("image_matrix_limit"),
        }
        return Profile(
            str(me["id"]), str(me["acct"]), int(me["followers_count"]), limits={name: int(value) for name, value in wanted.items() if value}
        )
