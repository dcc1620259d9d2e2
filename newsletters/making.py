"""An issue as bytes: one message for each language, and for each part of its readers that gets blocks of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from base.pages import web_address
from mail import slots
from mail.links import Links
from mail.message import BulkMessage, build_bulk
from mail.render import Footer, footer_text, render_layout
from newsletters.library import Library
from newsletters.models import IssuePage, Newsletter
from newsletters.segments import audiences_of
from newsletters.writing import Writer
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from mail.mailings import VariantEntry


@dataclass(frozen=True)
class Rendered:
    """The variants as `mail.mailings.freeze` takes them, the links in them, and what their blocks by rule list."""

    variants: list[VariantEntry]
    links: Links
    lists: dict[str, list[UUID]]


def versions(issue: IssuePage) -> dict[str, IssuePage]:
    """The live issue by language, the source first."""
    found = IssuePage.objects.live().filter(translation_key=issue.translation_key).select_related("locale").order_by("pk")
    return {version.locale.language_code: version for version in found}


def make(found: dict[str, IssuePage], pairs: Iterable[tuple[str, str]]) -> Rendered:
    """One variant for each pair of a language and a segment (`newsletters.segments`)."""
    links, library = Links(), Library.of(found.values())
    audiences = audiences_of(found.values())
    made: list[VariantEntry] = []
    for language, segment in pairs:
        version = found[language]
        newsletter = version.newsletter
        with translation.override(language):
            writer = Writer(language, library, links, audiences, segment)
            writer.write(version)
            made.append((language, segment, version.title, build_bulk(message_of(version, newsletter, writer))))
    return Rendered(made, links, library.lists)


def written(version: IssuePage, segment: str | None = None) -> Writer:
    """One version as it is in memory, such as a draft. None shows what any part of the readers gets. To be used in the version's language."""
    writer = Writer(version.locale.language_code, Library.of([version]), Links(), audiences_of([version]), segment)
    writer.write(version)
    return writer


def message_of(version: IssuePage, newsletter: Newsletter, writer: Writer) -> BulkMessage:
    footer = _footer(version, newsletter, writer)
    host = urlsplit(address_of(newsletter.theme)).hostname or "localhost"
    return BulkMessage(
        subject=version.title,
        text=text_of(version, newsletter, writer),
        html=layout_of(version, newsletter, writer),
        language=writer.language,
        unsubscribe_url=footer.unsubscribe_url,
        list_id=f"{newsletter.key}.{newsletter.theme.key}.{host}",
        list_name=newsletter.name,
        feedback_id=f"{version.translation_key.hex}:{newsletter.key}:newsletters:kantama",
        from_email=newsletter.from_email,
    )


def text_of(version: IssuePage, newsletter: Newsletter, writer: Writer) -> str:
    """The text part of one variant, with the slots of each reader still open."""
    return f"{writer.text}\n\n{footer_text(writer.language, _footer(version, newsletter, writer), mail_look(newsletter.theme))}"


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


def mail_of(version: IssuePage, segment: str | None = None) -> str:
    """The HTML of the page as a mail, from memory; its links lead straight."""
    with translation.override(version.locale.language_code):
        writer = written(version, segment)
        return slots.without_slots(layout_of(version, version.newsletter, writer), writer.links.urls)


def plain_of(version: IssuePage, segment: str | None = None) -> str:
    """The text part, likewise."""
    with translation.override(version.locale.language_code):
        writer = written(version, segment)
        return slots.without_slots(text_of(version, version.newsletter, writer), writer.links.urls)


def _footer(version: IssuePage, newsletter: Newsletter, writer: Writer) -> Footer:
    base_url = address_of(newsletter.theme)
    # A draft that was never saved is nowhere yet.
    address = web_address(version) or base_url
    return Footer(
        paragraphs=[_("You get this because you subscribed to %(newsletter)s.") % {"newsletter": newsletter.name}],
        web_url=writer.links.slot(address, version.translation_key),
        preferences_url=base_url + reverse("newsletters:preferences", args=[slots.PREFERENCES_TOKEN]),
        unsubscribe_url=base_url + reverse("newsletters:unsubscribe", args=[slots.UNSUBSCRIBE_TOKEN]),
    )
