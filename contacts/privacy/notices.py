"""The clock of Article 14 (GDPR): whoever's data came from others is told within a month of it, and by the first message if that is earlier."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import Least
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.models import User
from base.tasks import enqueue
from contacts import purposes
from contacts.models import Notice, Person
from contacts.privacy import links, notice_text
from contacts.privacy.notice_text import NoController
from mail import outbox, suppression
from mail.models import Delivery
from themes.mails import mail_look
from themes.models import Theme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


# The shortest month: nobody is told too late.
MONTH = timedelta(days=28)
SOON = timedelta(days=7)


def owed() -> Any:
    """People who have not been told yet, each with `due_at`; who is due first stands first."""
    first = Delivery.objects.filter(recipient_key=OuterRef("key"), created_at__gte=OuterRef("obtained_at")).exclude(stream=links.STREAM)
    message = Subquery(first.order_by("created_at").values("created_at")[:1])
    limit = F("obtained_at") + MONTH
    # SQLite's and PostgreSQL's LEAST differ where one is null.
    due = Case(When(first_message=None, then=limit), default=Least(F("first_message"), limit))
    return Person.objects.filter(from_others=True, notice=None).annotate(first_message=message).annotate(due_at=due).order_by("due_at", "pk")


def due(now: datetime | None = None) -> Any:
    """Those whose time runs out within SOON, and those whose time is over."""
    return owed().filter(due_at__lte=(now or timezone.now()) + SOON)


def may_tell(theme: Theme) -> bool:
    """Somebody answers for every purpose of the theme."""
    return all((purposes.controllers_of(theme) or {0: []}).values())


def send_soon(people: Iterable[Person], *, by: User | None) -> int:
    """In the worker: a screen's worth of mails takes seconds. Returns to how many it can go. Raises NoController."""
    reachable = _reachable(people)
    for theme in {person.theme for person in reachable}:
        if not may_tell(theme):
            raise NoController
    if reachable:
        enqueue("contacts.privacy.notices.send_to", [person.pk for person in reachable], by.pk if by else None)
    return len(reachable)


def send_to(numbers: list[int], by: int | None) -> int:
    """Bears a repeat."""
    return send(Person.objects.filter(pk__in=numbers).select_related("theme").order_by("pk"), by=User.objects.filter(pk=by).first() if by else None)


def send(people: Iterable[Person], *, by: User | None) -> int:
    """Sends the notice to those who have an address that takes mail and were not told yet. Returns to how many. Raises NoController."""
    return sum(_send(person, by) for person in _reachable(people))


def _reachable(people: Iterable[Person]) -> list[Person]:
    chosen = [person for person in people if person.email]
    closed = suppression.suppressed_among([person.email for person in chosen], suppression.UNREACHABLE)
    return [person for person in chosen if person.email not in closed]


@transaction.atomic
def _send(person: Person, by: User | None) -> bool:
    # Two who press at once send one.
    locked = Person.objects.select_for_update().select_related("theme").get(pk=person.pk)
    if not locked.from_others or Notice.objects.filter(person=locked).exists() or not locked.held_for.exists():
        return False
    with translation.override(locked.language):
        paragraphs = notice_text.text_of(locked)
        Notice.objects.create(person=locked, how=Notice.How.MAIL, text="\n\n".join(paragraphs), language=locked.language, by=by)
        outbox.send_single(
            to=locked.email, subject=_("We hold contact details of yours"), language=locked.language, heading=_("We hold contact details of yours"),
            paragraphs=paragraphs, button=(_("See, correct or erase your data"), links.own_data_url(locked)), stream=links.STREAM,
            key=f"contacts.notice:{locked.key}", recipient_key=locked.key, look=mail_look(locked.theme),
        )  # fmt: skip
    log(locked, "contacts.notice", user=by)
    return True


def send_due() -> int:
    """Of every theme whose controllers are known, before the time runs out. The worker runs it nightly."""
    return sum(_send_due(theme) for theme in Theme.objects.all() if may_tell(theme))


def _send_due(theme: Theme) -> int:
    return send(due().filter(theme=theme).select_related("theme"), by=None)


@transaction.atomic
def told_otherwise(person: Person, *, how: str, by: User | None) -> None:
    """They know already, or have been told by word of mouth. The first word stands."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    values = {"how": Notice.How.OTHERWISE, "text": how, "language": locked.language, "by": by}
    _row, is_new = Notice.objects.get_or_create(person=locked, defaults=values)
    if is_new:
        log(locked, "contacts.notice", user=by)
