"""The link by which an internal event is read by who is meant and has no login. Made anew, it opens for nobody who has the old one.

It holds the event and, once it has been made anew, a `secret`: links that were handed out before that are whole until then.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from base.fallbacks import readable
from events import addresses
from events.models import EventPage, InsideLink
from mail import signing
from themes.places import address_of

if TYPE_CHECKING:
    from uuid import UUID

    from base.models import User

PURPOSE = "events.inside"


def token(page: EventPage) -> str:
    return signing.sign(PURPOSE, str(page.translation_key), *_secret(page.translation_key))


def url(page: EventPage) -> str:
    return address_of(page.theme) + addresses.inside(token(page), page.locale.language_code)


def page_at(token: str, language: str) -> EventPage:
    """In the language, else in another. Raises BadToken, also for a link that was taken back and for an event that is not published any more."""
    key, *secret = signing.read(PURPOSE, token)
    page: EventPage | None = readable(EventPage.objects.filter(translation_key=key).live(), language).select_related("locale", "theme").first()
    if page is None or secret != _secret(page.translation_key):
        raise signing.BadToken("not published, or taken back")
    page.token = token
    return page


@transaction.atomic
def renew(*, page: EventPage, by: User | None) -> None:
    """All links that were handed out lead nowhere from now on, those in newsletters among them. Who has registered has their own."""
    made = {"theme": page.theme, "secret": secrets.token_urlsafe(9)}
    InsideLink.objects.update_or_create(item_key=page.translation_key, defaults=made)
    log(page, "kantama.events.inside_link", user=by)


def _secret(key: UUID) -> list[str]:
    return list(InsideLink.objects.filter(item_key=key).values_list("secret", flat=True))
