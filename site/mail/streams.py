"""Which package owns a mailing, and what it wants to hear of it. Packages above register theirs in `AppConfig.ready`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django_stubs_ext import StrOrPromise

    from mail.models import Bounce, Click, Delivery


@dataclass(frozen=True)
class Stream:
    """`on_sent` gets the deliveries of one settled batch, `on_click` a person's first click on a link of a copy.

    Both run inside the transaction that settles the row and must bear a repeat. `suppressible` is False for mail
    that a person has just asked for: it is sent to suppressed addresses too, unless they bounced.
    `on_clicks_revoked` gets clicks that were first taken for a person's and then proved to be a scanner's.
    `on_bounce` gets what came back for good of a copy, `on_complaint` a reader's word that it is spam, `on_unsubscribe` a copy
    whose reader leaves by mail. All three were proved by a signature to be about that copy, and come once for a copy.
    """

    key: str
    # What its mails are, in words for whoever got them.
    label: StrOrPromise = ""
    on_sent: Callable[[Sequence[Delivery]], None] | None = None
    on_click: Callable[[Click], None] | None = None
    suppressible: bool = True
    on_clicks_revoked: Callable[[Sequence[Click]], None] | None = None
    on_bounce: Callable[[Bounce], None] | None = None
    on_complaint: Callable[[Bounce], None] | None = None
    on_unsubscribe: Callable[[Delivery], None] | None = None
    # Where the staff see who got these copies, by the copy's number, for those whom the user may see. A fixed number of queries.
    places_of: Callable[[Sequence[Delivery], Any], dict[int, str]] | None = None
    # The numbers of the mailings that are a theme's, by the theme's number: who works in one theme sees no other's.
    mailings_of: Callable[[int], Iterable[int]] | None = None


_streams: dict[str, Stream] = {}


def register(stream: Stream) -> None:
    _streams[stream.key] = stream


def mailings_of(theme: int) -> list[int]:
    return [number for stream in _streams.values() if stream.mailings_of for number in stream.mailings_of(theme)]


def places_of(deliveries: Sequence[Delivery], user: Any) -> dict[int, str]:
    """Of all streams."""
    found: dict[int, str] = {}
    for stream in _streams.values():
        if stream.places_of and (own := [row for row in deliveries if row.stream == stream.key]):
            found |= stream.places_of(own, user)
    return found


def words_of(keys: Iterable[str]) -> dict[str, str]:
    return {key: str(_streams[key].label) for key in keys if key in _streams and _streams[key].label}


def get(key: str) -> Stream:
    """Raises LookupError: a message that nobody owns is a mistake in the code."""
    try:
        return _streams[key]
    except KeyError:
        raise LookupError(f"No stream is called {key!r}; register it in AppConfig.ready.") from None
