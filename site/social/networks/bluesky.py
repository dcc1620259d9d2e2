"""Bluesky, by atproto. A record has a key of ours, so that a repeat can make no second one, and whether it is there can be asked for by its name."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

import httpx
from atproto import Client, Request, models
from atproto_client.client.session import SessionEvent
from atproto_client.exceptions import AtProtocolError, InvokeTimeoutError, LoginRequiredError, NetworkError, RequestErrorBase
from atproto_client.utils.facet_detection import detect_facets
from django.conf import settings

from social.networks.wire import LONGEST_ANSWER, Figures, Item, Kind, Network, Problem, Profile, Sent, before_the_post, kind_of, reset_of

if TYPE_CHECKING:
    from collections.abc import Collection

COLLECTION = "app.bsky.feed.post"
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
STALE = {"ExpiredToken", "InvalidToken"}
GONE = {"AccountTakedown", "AccountDeactivated", "AccountSuspended"}


class Bluesky(Network):
    # The key of a record is for ever.
    repeats_for: ClassVar[timedelta | None] = timedelta(days=3650)
    most_asked: ClassVar[int] = 25

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.client = Client(self.server, request=Request(transport=Wire(), trust_env=False, timeout=settings.SOCIAL_TIMEOUT))
        self.client.on_session_change(self._keep_session)
        self.is_in = False

    def close(self) -> None:
        self.client.request.close()

    def _keep_session(self, event: Any, session: Any) -> None:
        """A refresh token is good once: what comes in its place is kept at once."""
        if event is not SessionEvent.IMPORT:
            tokens = {name: getattr(session, name) for name in ("handle", "did", "access_jwt", "refresh_jwt")}
            self.renewed(session=tokens)

    def _enter(self, *, anew: bool = False) -> None:
        """By the session of before, if there is one: a log-in is allowed some three hundred times a day."""
        kept = self.credentials.get("session")
        if kept and not anew:
            whole = ":::".join([kept["handle"], kept["did"], kept["access_jwt"], kept["refresh_jwt"], self.server])
            self.client.login(session_string=whole, fetch_bsky_profile=False)
        else:
            self.client.login(self.credentials.get("identifier", ""), self.credentials.get("password", ""), fetch_bsky_profile=False)
        self.is_in = True

    def _ask(self, call: Any, *args: Any, is_post: bool = False) -> Any:
        """Where the session has ended, once more with a new one: what was refused for its token has done nothing."""
        for anew in (False, True):
            begun = False
            try:
                if anew or not self.is_in:
                    self._enter(anew=anew)
                begun = True
                return call(*args)
            except (InvokeTimeoutError, NetworkError, RequestErrorBase, httpx.HTTPError, LoginRequiredError, ValueError) as error:
                problem = self._problem(error)
                if problem.kind is Kind.TOKEN and not anew:
                    continue
                raise problem if begun and is_post else before_the_post(problem) from None
            except AtProtocolError as error:
                raise Problem(Kind.UNKNOWN if begun and is_post else Kind.LATER, f"The answer cannot be read ({type(error).__name__}).") from None
        raise Problem(Kind.TOKEN)

    def _problem(self, error: Exception) -> Problem:
        response = getattr(error, "response", None)
        if response is None or isinstance(error, httpx.HTTPError):
            cause = error.__cause__ or error
            is_unsent = isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | LoginRequiredError)
            return Problem(Kind.LATER if is_unsent else Kind.UNKNOWN, type(cause).__name__)
        name, told = getattr(response.content, "error", "") or "", getattr(response.content, "message", "") or ""
        kind = Kind.TOKEN if name in STALE else Kind.GONE if name in GONE else kind_of(response.status_code)
        return Problem(kind, self.clean(f"{response.status_code} {name} {told}"), status=response.status_code, until=reset_of(response.headers))

    def _me(self) -> str:
        if not self.is_in:
            self._ask(lambda: None)
        session: Any = self.client._session
        return str(session.did)

    def publish(self, item: Item) -> Sent:
        did = self._me()
        embed = self._embed(item)
        reply = models.AppBskyFeedPost.ReplyRef(parent=item.reply["parent"], root=item.reply["root"]) if item.reply else None
        record = models.AppBskyFeedPost.Record(
            created_at=item.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            text=item.text,
            langs=[item.language],
            facets=detect_facets(item.text) or None,
            embed=embed,
            reply=reply,
        )
        values = models.ComAtprotoRepoCreateRecord.Data(repo=did, collection=COLLECTION, rkey=record_key(item), record=record, validate_=True)
        try:
            made = self._ask(self.client.com.atproto.repo.create_record, values, is_post=True)
        except Problem as problem:
            # What was made before, and not told of, is there by its name.
            if problem.kind is Kind.MEND and (found := self._by_key(item)):
                return found
            raise
        return self._sent(item, made.uri, made.cid)

    def _sent(self, item: Item, uri: str, cid: str) -> Sent:
        here = {"uri": uri, "cid": cid}
        did, rkey = uri.removeprefix("at://").split("/")[0], uri.rsplit("/", 1)[1]
        return Sent(uri, f"https://bsky.app/profile/{did}/post/{rkey}", {"parent": here, "root": item.reply.get("root", here)})

    def _embed(self, item: Item) -> Any:
        if item.picture:
            blob = self._ask(self.client.com.atproto.repo.upload_blob, item.picture.content).blob
            blob.mime_type = item.picture.mime
            ratio = models.AppBskyEmbedDefs.AspectRatio(width=item.picture.width, height=item.picture.height)
            return models.AppBskyEmbedImages.Main(images=[models.AppBskyEmbedImages.Image(alt=item.picture.alt, image=blob, aspect_ratio=ratio)])
        if item.link and item.title:
            card = models.AppBskyEmbedExternal.External(uri=item.link, title=item.title[:300], description=item.lead[:1000])
            return models.AppBskyEmbedExternal.Main(external=card)
        return None

    def _by_key(self, item: Item) -> Sent | None:
        values = models.ComAtprotoRepoGetRecord.Params(repo=self._me(), collection=COLLECTION, rkey=record_key(item))
        try:
            found = self._ask(self.client.com.atproto.repo.get_record, values)
        except Problem as problem:
            if "RecordNotFound" in problem.words:
                return None
            raise
        return self._sent(item, found.uri, found.cid)

    def find(self, item: Item, since: datetime, known: Collection[str]) -> Sent | None:
        return self._by_key(item)

    def _posts(self, ids: Collection[str]) -> list[Any]:
        values = models.AppBskyFeedGetPosts.Params(uris=list(ids))
        return list(self._ask(self.client.app.bsky.feed.get_posts, values).posts)

    def there(self, ids: Collection[str]) -> set[str]:
        """Of the records themselves: what shows posts reads them with a delay."""
        found = set()
        for uri in ids:
            did, collection, rkey = uri.removeprefix("at://").split("/")
            values = models.ComAtprotoRepoGetRecord.Params(repo=did, collection=collection, rkey=rkey)
            try:
                self._ask(self.client.com.atproto.repo.get_record, values)
                found.add(uri)
            except Problem as problem:
                if "RecordNotFound" not in problem.words:
                    raise
        return found

    def figures(self, ids: Collection[str]) -> dict[str, Figures]:
        """Bluesky counts no impressions."""
        return {
            post.uri: Figures(None, post.like_count or 0, (post.repost_count or 0) + (post.quote_count or 0), post.reply_count or 0)
            for post in self._posts(ids)
        }

    def profile(self) -> Profile:
        values = models.AppBskyActorGetProfile.Params(actor=self._me())
        me = self._ask(self.client.app.bsky.actor.get_profile, values)
        return Profile(me.did, me.handle, me.followers_count)


def record_key(item: Item) -> str:
    """A timestamp identifier (atproto.com/specs/tid): 53 bits of microseconds and 10 of a clock's number, here from the key, in 13 digits
    that sort.
    """
    micros = int(item.at.timestamp() * 1_000_000) & (2**53 - 1)
    number = (micros << 10) | (int.from_bytes(sha256(item.key.encode()).digest()[:2]) & 1023)
    return "".join(DIGITS[(number >> shift) & 31] for shift in range(60, -1, -5))


class Wire(httpx.HTTPTransport):
    """For `httpx`, as the other is for `requests`: an answer has an end, in time and in length."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ends = time.monotonic() + 3 * settings.SOCIAL_TIMEOUT
        response = super().handle_request(request)
        content = bytearray()
        for piece in response.stream:  # type: ignore[union-attr]  # of a client that waits
            content += piece
            if time.monotonic() > ends or len(content) > LONGEST_ANSWER:
                response.close()
                raise httpx.ReadTimeout("The answer did not end in time.", request=request)
        response.close()
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(bytes(content)), extensions=response.extensions)
