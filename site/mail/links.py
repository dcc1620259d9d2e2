"""Links of a mailing: collected while its content is written, counted when followed, and the tokens in each copy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from mail import signing, slots
from mail.models import Delivery, Link
from mail.signing import BadToken

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from mail.models import Mailing

CLICK = "click"
UNSUBSCRIBE = "unsubscribe"
PREFERENCES = "preferences"

# As many figures as a row's number may have.
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)

LinkEntry = tuple[str, "UUID | None"]


@dataclass
class Links:
    """Hands out a click slot for each address. One collector serves all variants of a mailing: `entries` goes to `freeze`."""

    entries: list[LinkEntry] = field(default_factory=list)

    def slot(self, url: str, item_key: UUID | None = None) -> str:
        known = [address for address, _ in self.entries]
        if url not in known:
            check_url(url)
            self.entries.append((url, item_key))
            known.append(url)
        return slots.click(known.index(url))

    @property
    def urls(self) -> list[str]:
        """For `slots.without_slots`."""
        return [url for url, _ in self.entries]


def check_url(url: str) -> None:
    """A link leads to the web: what stands here is where our redirect will send people."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"A link of a mailing needs a full web address, not {url!r}.")


def make_links(mailing: Mailing, entries: Iterable[LinkEntry]) -> list[Link]:
    """The row of each entry, in their order. The same address twice is one row."""
    rows: dict[str, Link] = {}
    ordered = []
    for url, item_key in entries:
        if url not in rows:
            check_url(url)
            rows[url] = Link(mailing=mailing, url=url, item_key=item_key)
        ordered.append(rows[url])
    Link.objects.bulk_create(rows.values())
    return ordered


def click_url(delivery: Delivery, link_id: int, base_url: str = "") -> str:
    return f"{click_start(link_id, base_url)}{token(CLICK, delivery)}/"


def click_start(link_id: int, base_url: str = "") -> str:
    """What stands before the token of the copy, which is the same for each of its links."""
    return f"{base_url or settings.BASE_URL}/mail/l/{link_id}."


def token(purpose: str, delivery: Delivery) -> str:
    return signing.sign(purpose, delivery.pk)


def click_of(token: str) -> tuple[Delivery, Link]:
    """Of what follows `/mail/l/`. The link is one of the copy's own mailing: whoever changes the number follows another link of the same mail.

    Raises BadToken. What a mail client cut off at the end was the copy's.
    """
    number, _, rest = token.partition(".")
    delivery = delivery_of(CLICK, rest)
    link = Link.objects.filter(pk=number, mailing=delivery.mailing_id).first() if delivery.mailing_id and NUMBER.fullmatch(number) else None
    if link is None:
        raise BadToken("no such link")
    return delivery, link


def delivery_of(purpose: str, token: str) -> Delivery:
    """The copy that a token of one came with. Its `recipient_key` is None once the person is erased.

    Raises BadToken, also for a copy that is gone.
    """
    values = signing.read(purpose, token)
    found = Delivery.objects.defer("mime").filter(pk=values[0]).first() if len(values) == 1 else None
    if found is None:
        raise BadToken("no such copy")
    return found
