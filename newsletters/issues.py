"""Sending an issue: rendered once for each language, frozen once, and then the engine's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Case, CharField, F, Value, When
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.languages import CODES, LanguageField
from base.page_changes import forget_pages
from base.pages import web_address
from contacts.pages import is_source
from mail import mailings, slots
from mail.links import Links
from mail.message import BulkMessage, build_bulk
from mail.render import Footer, footer_text, render_layout
from newsletters import gate
from newsletters.library import Library
from newsletters.measuring import KEY, STREAM
from newsletters.models import Dispatch, IssuePage, Newsletter, Subscription
from newsletters.writing import Writer
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.db.models import QuerySet

    from base.models import User
    from mail.mailings import VariantEntry
    from mail.models import Mailing
    from themes.models import Goal


class NotSendable(ValueError):
    """The issue cannot be sent; the message says why, in the active language."""


@dataclass(frozen=True)
class Rendered:
    """The variants as `mail.mailings.freeze` takes them, the links in them, and what their blocks by rule list."""

    variants: list[VariantEntry]
    links: Links
    lists: dict[str, list[UUID]]


def goals_of(issue: IssuePage) -> Collection[Goal]:
    return issue.outreach_goals()


def versions(issue: IssuePage) -> dict[str, IssuePage]:
    """The live issue by language, the source first."""
    found = IssuePage.objects.live().filter(translation_key=issue.translation_key).select_related("locale").order_by("pk")
    return {version.locale.language_code: version for version in found}


def variants(issue: IssuePage) -> Rendered:
    """One for each language that the issue is live in. Readers of another language get the source's."""
    found, links, newsletter = versions(issue), Links(), issue.newsletter
    library = Library.of(found.values())
    made = []
    for language, version in found.items():
        with translation.override(language):
            writer = Writer(language, library, links)
            writer.write(version)
            made.append((language, "", version.title, build_bulk(_message(version, newsletter, writer))))
    return Rendered(made, links, library.lists)


def _message(version: IssuePage, newsletter: Newsletter, writer: Writer) -> BulkMessage:
    language, footer = writer.language, _footer(version, newsletter, writer)
    host = urlsplit(address_of(newsletter.theme)).hostname or "localhost"
    return BulkMessage(
        subject=version.title,
        text=f"{writer.text}\n\n{footer_text(language, footer, mail_look(newsletter.theme))}",
        html=layout_of(version, newsletter, writer),
        language=language,
        unsubscribe_url=footer.unsubscribe_url,
        list_id=f"{newsletter.key}.{newsletter.theme.key}.{host}",
        list_name=newsletter.name,
        feedback_id=f"{version.translation_key.hex}:{newsletter.key}:newsletters:kantama",
        from_email=newsletter.from_email,
    )


def layout_of(version: IssuePage, newsletter: Newsletter, writer: Writer) -> str:
    """The HTML of one variant, with the slots of each reader still open."""
    return render_layout(
        sections=writer.sections,
        preheader=version.preview_text,
        language=writer.language,
        title=version.title,
        name=newsletter.name,
        footer=_footer(version, newsletter, writer),
        look=mail_look(newsletter.theme),
    )


def _footer(version: IssuePage, newsletter: Newsletter, writer: Writer) -> Footer:
    base_url = address_of(newsletter.theme)
    return Footer(
        paragraphs=[_("You get this because you subscribed to %(newsletter)s.") % {"newsletter": newsletter.name}],
        web_url=writer.links.slot(web_address(version), version.translation_key),
        preferences_url=base_url + reverse("newsletters:preferences", args=[slots.PREFERENCES_TOKEN]),
        unsubscribe_url=base_url + reverse("newsletters:unsubscribe", args=[slots.UNSUBSCRIBE_TOKEN]),
    )


def recipients(issue: IssuePage, languages: Collection[str]) -> QuerySet[Any]:
    """The confirmed subscribers as `mail.mailings.freeze` takes them. The source's language serves those without a translation."""
    own = When(language__in=list(languages), then=F("language"))
    fallback = Value(issue.locale.language_code, output_field=LanguageField())
    return (
        Subscription.objects.mailable()
        .filter(newsletter=issue.newsletter)
        .annotate(
            recipient_key=F("person__key"),
            address=F("person__email"),
            variant_language=Case(own, default=fallback, output_field=LanguageField()),
            variant_segment=Value("", output_field=CharField()),
        )
    )


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
    rendered = variants(issue)
    chosen = recipients(issue, {language for language, _segment, _subject, _mime in rendered.variants})
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
