"""What the delivery ledger tells of issues, as touches: copies that arrived, and links that a person followed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from contacts import outreach
from contacts.models import Outreach, Person, Touch
from mail import streams
from mail.models import Delivery, Mailing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from mail.models import Click

STREAM = "newsletters"
# Streams of their own: these mails were just asked for, so they reach suppressed addresses too.
CONFIRM_STREAM = "newsletters.confirm"
LINK_STREAM = "newsletters.preferences"
TEST_STREAM = "newsletters.test"
# Before the translation_key: a mailing knows its issue also when the page is gone.
KEY = "newsletters.issue:"
DELIVERY = "mail.delivery:"


def register_streams() -> None:
    from newsletters import returns  # It needs subscriptions, which need this module's names.

    news = streams.Stream(
        STREAM,
        _("Newsletter"),
        on_sent=record_deliveries,
        on_click=record_click,
        on_clicks_revoked=take_back_clicks,
        on_bounce=returns.take_back_delivery,
        on_complaint=returns.end_by_complaint,
        on_unsubscribe=returns.end_by_mail,
        mailings_of=returns.mailings_of,
        places_of=returns.places_of,
    )
    streams.register(news)
    streams.register(streams.Stream(CONFIRM_STREAM, _("Confirming a subscription"), suppressible=False))
    streams.register(streams.Stream(LINK_STREAM, _("Link to your subscriptions"), suppressible=False))
    streams.register(streams.Stream(TEST_STREAM, _("Trial copy of a newsletter"), suppressible=False))


def item_key_of(mailing: Mailing) -> UUID:
    return UUID(mailing.key.removeprefix(KEY))


def record_deliveries(deliveries: Sequence[Delivery]) -> None:
    """Three queries for the batch of a mailing, and no row leaves the database."""
    for mailing in Mailing.objects.filter(pk__in={row.mailing_id for row in deliveries}):
        if act := outreach.of_item(item_key_of(mailing)):
            mine = [row.pk for row in deliveries if row.mailing_id == mailing.pk and row.recipient_key]
            outreach.touch_each(act, Touch.Kind.DELIVERED, as_touches(Delivery.objects.filter(pk__any_of=mine)))


def as_touches(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """As `outreach.touch_each` takes them. A copy whose recipient is gone touches nobody."""
    person = Person.objects.filter(key=OuterRef("recipient_key")).order_by().values("pk")[:1]
    number = Cast("pk", CharField())
    return rows.annotate(person_id=Subquery(person), cause=Concat(Value(DELIVERY), number), at=F("settled_at"), language=F("variant__language"))


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
    return f"{DELIVERY}{delivery_id}"


def _cause(click: Click) -> str:
    return f"mail.click:{click.delivery_id}:{click.link_id}"


def _acts_of(click: Click) -> list[Outreach]:
    """The issue's act and, where the link leads to a page of ours, that page's."""
    mailing = click.delivery.mailing
    keys = {click.link.item_key, item_key_of(mailing) if mailing else None} - {None}
    return list(Outreach.objects.filter(item_key__in=keys))
