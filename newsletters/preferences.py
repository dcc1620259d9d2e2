"""A person's newsletters, as the person changes them: which come, in which language, about what, when, and what may be counted.

The way in is a signed link: from a copy of an issue, or from a mail that was asked for. Whoever has it reads the mail of that address, so what
is turned on here needs no second mail.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from base.bounds import everywhere
from base.roles import Role
from contacts.models import Person
from mail import links, outbox, signing
from mail.models import Delivery
from mail.signing import BadToken
from newsletters import subscriptions, tracking
from newsletters.measuring import LINK_STREAM
from newsletters.models import Newsletter, Subscription
from newsletters.subscriptions import LINK_LIVES, PAUSE
from themes.mails import mail_look
from themes.models import Scope
from themes.places import address_of
from themes.teams import people_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from themes.models import Theme

ASKED = "newsletters.preferences"
HOW = "preference centre by signed link"
# What each subscription has of its own, beside being on or off.
FIELDS, TOPICS = ("language", "paused_until"), ("sub_themes", "regions")
State = Subscription.State


@dataclass(frozen=True)
class Offer:
    """`row` is the person's subscription, in whatever state."""

    newsletter: Newsletter
    row: Subscription | None

    @property
    def is_on(self) -> bool:
        return self.row is not None and self.row.state == State.CONFIRMED


@dataclass(frozen=True)
class Standing:
    """What the person has now. The settings are those of the first newsletter that is on."""

    person: Person
    offers: list[Offer]
    settings: dict[str, Any]

    @property
    def rows(self) -> list[Subscription]:
        return [offer.row for offer in self.offers if offer.row and offer.is_on]


def person_of(token: str) -> Person | None:
    """Whose link it is; None once the person is erased. Raises BadToken."""
    try:
        key = links.delivery_of(links.PREFERENCES, token).recipient_key
    except BadToken:
        key = _asked_by(token)
    return Person.objects.select_related("theme", "target_group").filter(key=key).first() if key else None


def copy_of(token: str) -> Delivery | None:
    """The copy whose link it is; None for a link that was asked for."""
    try:
        return links.delivery_of(links.PREFERENCES, token)
    except BadToken:
        return None


def _asked_by(token: str) -> uuid.UUID:
    values = signing.read(ASKED, token)
    if len(values) != 2 or datetime.fromtimestamp(values[1], tz=timezone.get_current_timezone()) < timezone.now() - LINK_LIVES:
        raise BadToken("too old")
    return uuid.UUID(values[0])


def link_url(person: Person) -> str:
    """In the active language."""
    token = signing.sign(ASKED, person.key.hex, int(timezone.now().timestamp()))
    return address_of(person.theme) + reverse("newsletters:preferences", args=[token])


def send_link(*, theme: Theme, email: str, language: str) -> None:
    """To whoever the theme knows by this address, at most once an hour; to others nothing. The caller's answer must not tell which."""
    person = Person.objects.select_related("theme").filter(theme=theme).with_address(email).first()
    if person is None or Delivery.objects.filter(recipient_key=person.key, stream=LINK_STREAM, created_at__gt=timezone.now() - PAUSE).exists():
        return
    with translation.override(language):
        outbox.send_single(
            to=person.email,
            subject=_("Your newsletters: %(theme)s") % {"theme": theme.name},
            language=language,
            heading=_("Your newsletters"),
            paragraphs=[_("Behind this link you choose which newsletters you get, in which language and about what, or leave them.")],
            button=(_("Change my newsletters"), link_url(person)),
            small_print=[_("The link works for 30 days. Do not pass it on: it opens your own choices. If you did not ask for it, do nothing.")],
            stream=LINK_STREAM,
            recipient_key=person.key,
            look=mail_look(theme),
        )


def is_insider(person: Person) -> bool:
    """Of a target group of internal communication, or a member of the theme's staff by their address."""
    if person.target_group and person.target_group.scope == Scope.INTERNAL:
        return True
    with everywhere():
        return people_of(person.theme, {role.value for role in Role}).filter(email__iexact=person.email).exists()


def standing_of(person: Person) -> Standing:
    """Newsletters of the person's theme: the external ones, those that the person has, and for insiders the internal ones."""
    found = Subscription.objects.filter(person=person).select_related("newsletter__theme").prefetch_related(*TOPICS)
    rows = {row.newsletter_id: row for row in found}
    every = Newsletter.objects.filter(theme=person.theme).select_related("theme").order_by("scope", "pk")
    seen = {Scope.EXTERNAL, Scope.INTERNAL} if is_insider(person) else {Scope.EXTERNAL}
    offers = [Offer(letter, rows.get(letter.pk)) for letter in every]
    offers = [offer for offer in offers if offer.is_on or Scope(offer.newsletter.scope) in seen]
    return Standing(person, offers, _settings(person, next((offer.row for offer in offers if offer.is_on), None)))


def _settings(person: Person, row: Subscription | None) -> dict[str, Any]:
    today, opens = timezone.localdate(), tracking.in_force(person).exists()
    if row is None:
        return {"language": person.language, "paused_until": None, "sub_themes": [], "regions": [], "opens": opens}
    until = row.paused_until if row.paused_until and row.paused_until > today else None
    topics = {name: list(getattr(row, name).all()) for name in TOPICS}
    return {"language": row.language, "paused_until": until, "opens": opens} | topics


@transaction.atomic
def change(
    *,
    person: Person,
    turned: Mapping[Newsletter, bool],
    settings: Mapping[str, Any],
    changed: set[str],
    text_language: str,
    copy: Delivery | None = None,
) -> None:
    """Does what was changed on the page, and nothing else: what another page has changed since stays as it is.

    `settings` are as in `Standing`. A newsletter that is turned on takes all of them, those that were on the ones named in `changed`.
    `text_language` is the page's, in which the consent texts were read; `copy` is the one whose link led there.
    """
    person = Person.objects.select_for_update(of=("self",), no_key=True).select_related("theme", "target_group").get(pk=person.pk)
    before = standing_of(person)
    _apply(before.rows, settings, changed)
    for offer in before.offers:
        wish = turned.get(offer.newsletter)
        if wish is True and not offer.is_on:
            row = _turn_on(person, offer.newsletter, settings["language"], text_language)
            _apply([row], settings, {*FIELDS, *TOPICS})
        elif wish is False and offer.row and offer.is_on:
            subscriptions.end_subscription(offer.row, how=HOW, copy=copy)
    if "opens" in changed and settings["opens"]:
        tracking.allow_opens(person, language=text_language, how=HOW)
    elif "opens" in changed:
        tracking.forbid_opens(person, how=HOW)


def _apply(rows: list[Subscription], settings: Mapping[str, Any], changed: set[str]) -> None:
    for name in changed.intersection(FIELDS):
        Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(**{name: settings[name]})
    for name in changed.intersection(TOPICS):
        for row in rows:
            getattr(row, name).set(settings[name])


def _turn_on(person: Person, newsletter: Newsletter, language: str, text_language: str) -> Subscription:
    now = timezone.now()
    row, _made = Subscription.objects.update_or_create(newsletter=newsletter, person=person, defaults={"language": language, "asked_at": now})
    return subscriptions.confirm_subscription(row, how=HOW, text_language=text_language)


@transaction.atomic
def leave_all(person: Person, *, copy: Delivery | None = None) -> None:
    for row in Subscription.objects.filter(person=person, state=State.CONFIRMED):
        subscriptions.end_subscription(row, how=HOW, copy=copy)
