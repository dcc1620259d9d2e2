"""Sending an issue: rendered once for each language, frozen once, and then the engine's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.languages import CODES, LanguageField
from base.page_changes import forget_pages
from contacts.pages import is_source
from mail import mailings
from newsletters import gate, segments
from newsletters.making import make, versions
from newsletters.measuring import KEY, STREAM
from newsletters.models import Dispatch, IssuePage, Subscription
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from base.models import User
    from mail.models import Mailing
    from newsletters.models import SubscriptionQuerySet
    from themes.models import Goal


class NotSendable(ValueError):
    """The issue cannot be sent; the message says why, in the active language."""


def goals_of(issue: IssuePage) -> Collection[Goal]:
    return issue.outreach_goals()


def subscribers(issue: IssuePage) -> SubscriptionQuerySet:
    found: SubscriptionQuerySet = Subscription.objects.mailable().filter(newsletter=issue.newsletter)
    return found


def recipients(issue: IssuePage, found: dict[str, IssuePage]) -> QuerySet[Any]:
    """`found` is the issue in its languages.

    The confirmed subscribers as `mail.mailings.freeze` takes them. The source's language serves those without a translation.
    """
    own = When(language__in=list(found), then=F("language"))
    fallback = Value(issue.locale.language_code, output_field=LanguageField())
    rows: QuerySet[Any] = segments.with_segments(subscribers(issue), segments.audiences_of(found.values()), issue.theme_id).annotate(
        recipient_key=F("person__key"), address=F("person__email"), variant_language=Case(own, default=fallback, output_field=LanguageField())
    )
    return rows


def variant_for(issue: IssuePage, found: dict[str, IssuePage], reader: Subscription) -> tuple[str, str]:
    """Language and segment of one subscriber's letter."""
    rows = segments.with_segments(Subscription.objects.filter(pk=reader.pk), segments.audiences_of(found.values()), issue.theme_id)
    language = reader.language if reader.language in found else issue.locale.language_code
    return language, rows.values_list("variant_segment", flat=True)[0]


def pairs_of(found: dict[str, IssuePage], chosen: QuerySet[Any]) -> list[tuple[str, str]]:
    """The variants to make: one for each language, and where parts of the issue are for some readers only, one for each that somebody gets.

    Raises NotSendable for more than can be kept apart.
    """
    if not segments.audiences_of(found.values()):
        return [(language, "") for language in found]
    pairs = sorted(chosen.order_by().values_list("variant_language", "variant_segment").distinct())
    number = len({segment for _language, segment in pairs})
    if number > segments.MOST_SEGMENTS:
        told = _("The parts for some readers make %(number)d different letters; %(most)d can be kept apart. Use fewer parts, or wider ones.")
        raise NotSendable(told % {"number": number, "most": segments.MOST_SEGMENTS})
    return pairs


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


def send_issue(issue: IssuePage, *, by: User | None = None) -> Mailing:
    """Freezes and queues the issue. A second call returns the first one's mailing. Raises NotSendable."""
    if issue.mailing_id:
        return issue.mailing  # type: ignore[return-value]  # mailing_id says that it is there
    if reason := why_not(issue):
        raise NotSendable(reason)
    issue = IssuePage.objects.select_related("locale", "theme").get(pk=issue.pk)
    return _freeze(issue, by)


@transaction.atomic
def _freeze(issue: IssuePage, by: User | None) -> Mailing:
    # The goals of the pages in it may have changed since it was published.
    issue.record_outreach()
    found = versions(issue)
    chosen = recipients(issue, found)
    rendered = make(found, pairs_of(found, chosen))
    if not chosen.exists() and not issue.mailing_id:
        raise NotSendable(_("Nobody has subscribed yet, so there is nobody to send to."))
    mailing = mailings.freeze(
        key=f"{KEY}{issue.translation_key}", stream=STREAM, variants=rendered.variants, recipients=chosen, links=rendered.links.entries,
        base_url=address_of(issue.theme),
    )  # fmt: skip
    if IssuePage.objects.filter(pk=issue.pk, mailing=None).update(mailing=mailing):
        lists = {name: [str(key) for key in keys] for name, keys in rendered.lists.items()}
        Dispatch.objects.update_or_create(issue=issue, defaults={"lists": lists})
        forget_pages()
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
    for language in Subscription.objects.mailable().filter(newsletter=issue.newsletter).values_list("language", flat=True):
        counts[language] += 1
    borrowed = sum(count for language, count in counts.items() if language not in found)
    return [
        LanguageRow(code, version.title, counts[code] + (borrowed if code == source else 0), borrowed if code == source else 0)
        for code, version in found.items()
    ]
