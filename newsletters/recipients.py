"""Who gets an issue, and which of its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from base.languages import LanguageField
from newsletters import segments
from newsletters.models import Subscription

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from newsletters.models import IssuePage, SubscriptionQuerySet


class NotSendable(ValueError):
    """The issue cannot be sent; the message says why, in the active language."""


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
