"""What the delivery ledger tells of issues, as touches: copies that arrived, and links that a person followed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from contacts import outreach
from contacts.models import Outreach, Person, Touch
from contacts.outreach import Contact
from mail import streams
from mail.models import Mailing, Variant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mail.models import Click, Delivery

STREAM = "newsletters"
# Streams of their own: these mails were just asked for, so they reach suppressed addresses too.
CONFIRM_STREAM = "newsletters.confirm"
LINK_STREAM = "newsletters.preferences"
# Before the translation_key: a mailing knows its issue also when the page is gone.
KEY = "newsletters.issue:"


def register_streams() -> None:
    from newsletters import returns  # It needs subscriptions, which need this module's names.

    news = streams.Stream(
        STREAM,
        on_sent=record_deliveries,
        on_click=record_click,
        on_clicks_revoked=take_back_clicks,
        on_bounce=returns.take_back_delivery,
        on_complaint=returns.end_by_complaint,
        on_unsubscribe=returns.end_by_mail,
    )
    streams.register(news)
    streams.register(streams.Stream(CONFIRM_STREAM, suppressible=False))
    streams.register(streams.Stream(LINK_STREAM, suppressible=False))


def item_key_of(mailing: Mailing) -> UUID:
    return UUID(mailing.key.removeprefix(KEY))


def record_deliveries(deliveries: Sequence[Delivery]) -> None:
    """A bounded number of queries for a batch: people, variants, mailings, outreaches, touches."""
    people = dict(Person.objects.filter(key__in={row.recipient_key for row in deliveries if row.recipient_key}).values_list("key", "pk"))
    languages = dict(Variant.objects.filter(pk__in={row.variant_id for row in deliveries}).values_list("pk", "language"))
    contacts: dict[int, list[Contact]] = defaultdict(list)
    for row in deliveries:
        if row.mailing_id and row.recipient_key in people:
            at = row.settled_at or timezone.now()
            contact = Contact(people[row.recipient_key], delivery_cause(row.pk), at, languages.get(row.variant_id or 0, "fi"))
            contacts[row.mailing_id].append(contact)
    for mailing in Mailing.objects.filter(pk__in=contacts):
        if act := outreach.of_item(item_key_of(mailing)):
            outreach.touch_many(act, Touch.Kind.DELIVERED, contacts[mailing.pk])


def record_click(click: Click) -> None:
    """One cause, whatever the number of acts it touches: a goal that both serve counts it once."""
    person = Person.objects.filter(key=click.delivery.recipient_key).first() if click.delivery.recipient_key else None
    if person is None:
        return
    language = click.delivery.variant.language if click.delivery.variant else person.language
    for act in _acts_of(click):
        outreach.touch(act, person, Touch.Kind.CLICKED, cause=_cause(click), at=click.at, language=language)


def take_back_clicks(clicks: Sequence[Click]) -> None:
    for click in clicks:
        for act in _acts_of(click):
            outreach.remove_touches(act, Touch.Kind.CLICKED, cause=_cause(click))


def delivery_cause(delivery_id: int) -> str:
    return f"mail.delivery:{delivery_id}"


def _cause(click: Click) -> str:
    return f"mail.click:{click.delivery_id}:{click.link_id}"


def _acts_of(click: Click) -> list[Outreach]:
    """The issue's act and, where the link leads to a page of ours, that page's."""
    mailing = click.delivery.mailing
    keys = {click.link.item_key, item_key_of(mailing) if mailing else None} - {None}
    return list(Outreach.objects.filter(item_key__in=keys))
