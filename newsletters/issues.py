"""Sending an issue: rendered once for each language, frozen once, and then the engine's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.models import Schedule
from wagtail.log_actions import log

from base.languages import CODES
from base.page_changes import forget_pages
from contacts.pages import is_source
from mail import mailings
from newsletters import gate, preflight
from newsletters.making import make, versions
from newsletters.measuring import KEY, STREAM
from newsletters.models import Dispatch, IssuePage
from newsletters.recipients import NotSendable, pairs_of, recipients, subscribers
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from base.models import User
    from mail.models import Mailing
    from themes.models import Goal


def goals_of(issue: IssuePage) -> Collection[Goal]:
    return issue.outreach_goals()


def why_not(issue: IssuePage) -> str:
    """Why the issue cannot be sent now, or ""."""
    if not is_source(issue):
        return _("This is a translation. Send the issue that it was translated from: the translations go out with it.")
    if not issue.live:
        return _("The issue is not published. Publish it first.")
    if found := gate.holding_back(list(versions(issue).values())):
        told = dict.fromkeys(f"{finding.message}{f' “{finding.excerpt}”' if finding.excerpt else ''}" for finding in found)
        return _("The publication checks find errors in the issue as it is today: %(errors)s") % {"errors": " ".join(told)}
    return ""


def send_issue(issue: IssuePage, *, by: User | None = None, can_be_undone: bool = False) -> Mailing:
    """Freezes and queues the issue. A second call returns the first one's mailing. Raises NotSendable.

    Whether a second person must agree is asked before (`newsletters.dispatching`): the command line sends by its operator's own word.
    With `can_be_undone` the copies wait for UNDO_SECONDS.
    """
    if issue.mailing_id:
        return issue.mailing  # type: ignore[return-value]  # mailing_id says that it is there
    if reason := why_not(issue):
        raise NotSendable(reason)
    if found := preflight.blocking(issue):
        raise NotSendable(" ".join(dict.fromkeys(f"{result.subject}: {result.reason}" for result in found)))
    issue = IssuePage.objects.select_related("locale", "theme").get(pk=issue.pk)
    return _freeze(issue, by, timedelta(seconds=settings.UNDO_SECONDS if can_be_undone else 0))


@transaction.atomic
def _freeze(issue: IssuePage, by: User | None, wait: timedelta) -> Mailing:
    # The goals of the pages in it may have changed since it was published.
    issue.record_outreach()
    found = versions(issue)
    chosen = recipients(issue, found)
    rendered = make(found, pairs_of(found, chosen))
    if not chosen.exists() and not issue.mailing_id:
        raise NotSendable(_("Nobody has subscribed yet, so there is nobody to send to."))
    due_at = timezone.now() + wait if wait else None
    mailing = mailings.freeze(
        key=f"{KEY}{issue.translation_key}", stream=STREAM, variants=rendered.variants, recipients=chosen, links=rendered.links.entries,
        base_url=address_of(issue.theme), due_at=due_at,
    )  # fmt: skip
    if IssuePage.objects.filter(pk=issue.pk, mailing=None).update(mailing=mailing):
        lists = {name: [str(key) for key in keys] for name, keys in rendered.lists.items()}
        Dispatch.objects.update_or_create(issue=issue, defaults={"lists": lists})
        forget_pages()
        if due_at:
            # The sweep comes by once a minute: this is sooner.
            again = {"func": "mail.engine.deliver_now", "args": f"{mailing.pk}", "schedule_type": Schedule.ONCE, "next_run": due_at, "repeats": -1}
            Schedule.objects.update_or_create(name=f"newsletters.issue:{mailing.pk}", defaults=again)
        log(issue, "newsletters.send_issue", user=by, data={"copies": mailing.frozen_count})
    return mailing


@dataclass(frozen=True)
class LanguageRow:
    """How many get the issue in a language, and how many of them would rather have another."""

    language: str
    subject: str
    count: int
    borrowed: int


def language_rows(issue: IssuePage) -> list[LanguageRow]:
    """What will be sent to how many, by the subscribers' own languages. Two queries."""
    found = versions(issue)
    source = issue.locale.language_code
    counts = dict.fromkeys(CODES, 0)
    for language in subscribers(issue).values_list("language", flat=True):
        counts[language] += 1
    borrowed = sum(count for language, count in counts.items() if language not in found)
    return [
        LanguageRow(code, version.title, counts[code] + (borrowed if code == source else 0), borrowed if code == source else 0)
        for code, version in found.items()
    ]
