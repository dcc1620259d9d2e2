"""What the publication gate asks of an issue: beside what it asks of the page, that the mail made of it may go out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from django.utils.translation import gettext_lazy as _

from base.emblem import STATEMENTS
from base.gate import Finding, error, findings, register, warning, words
from base.gate.emblem import ANNEX
from base.gate.guard import not_accepted
from base.gate.texts import WCAG, is_nothing, shown
from base.models import SiteImage
from mail import emblem
from newsletters.making import mail_of
from newsletters.models import IssuePage
from newsletters.writing import mail_rendition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject

# What inboxes show of a subject, on a telephone and on a desk.
SUBJECT_MOST = 70
# As Mailchimp, listmonk, Brevo, Mailjet, Mailgun, Outlook and people write them.
MERGE_FIELD = re.compile(
    r"\{\{[^{}\n]{1,100}\}\}|\{\s*[\w.|]+\s*\}|\{%[^{}\n]{1,100}%\}|\*\|[\w:]+\|\*|\[\[[^\[\]\n]{1,100}\]\]|%%\w+%%|%[a-z_]+\.[a-z_]+%"
    r"|<<\s*\w+\s*>>|«\w+»",
    re.IGNORECASE,
)
WAYS = re.compile(r"^(?:https?://|mailto:|tel:)")


def check_mail(subject: Subject) -> Iterator[Finding]:
    """The mail as its readers get it: V1 to V3, alternative texts, and links that lead somewhere from an inbox."""
    page = subject.page
    if not isinstance(page, IssuePage):
        return
    if len(page.title) > SUBJECT_MOST:
        yield warning(
            "mail.subject", _("The title is the mail's subject: a telephone shows some 40 characters of it, and few inboxes 70."), field="title"
        )
    try:
        html = BeautifulSoup(mail_of(page), "html.parser")
    except ValueError:
        # An address that no link can lead to: which one, the checks of links say.
        yield error("mail.unmade", _("No mail can be made of the issue: one of its links has an address that leads nowhere."))
        return
    yield from check_eu_line(html, subject.language)
    yield from check_files(subject)
    yield from check_merge_fields(subject)
    for picture in html.find_all("img"):
        if not picture.has_attr("alt") or words.FILE_NAME.match(str(picture["alt"]).strip()):
            yield error(
                "mail.picture", _("A picture in the mail has no description."), article=WCAG.format("1.1.1"), excerpt=shown(str(picture.get("src")))
            )
    for link in html.find_all("a"):
        text = " ".join(link.get_text(" ").split())
        if is_nothing(text) and not link.find("img"):
            yield error("mail.link", _("A link in the mail has no text."), article=WCAG.format("2.4.4"), excerpt=shown(str(link.get("href"))))
        elif not WAYS.match(str(link.get("href") or "")):
            yield error("mail.link", _("A link in the mail leads nowhere from an inbox."), excerpt=shown(text))


def check_files(subject: Subject) -> Iterator[Finding]:
    """A picture without its file is not in the mail: better that the editor learns it than that readers miss it."""
    for piece in subject.pieces:
        if isinstance(piece.value, SiteImage) and mail_rendition(piece.value) is None:
            yield error(
                "mail.file", _("The file of this picture cannot be read. Choose the picture again."), excerpt=shown(piece.value.title), **piece.place
            )


def check_merge_fields(subject: Subject) -> Iterator[Finding]:
    """A letter is the same for many: no field of another mailing program is filled in."""
    for piece in subject.texts:
        if found := MERGE_FIELD.search(piece.text):
            told = _("Nobody has this field, and readers would see it as it stands. Write a greeting without a name.")
            yield error("mail.merge_field", told, excerpt=shown(found[0]), **piece.place)


def check_eu_line(html: BeautifulSoup, language: str) -> Iterator[Finding]:
    """The mail's own EU line: the emblem as a picture in the mail, and beside it the statement alone."""
    picture = html.find("img", src=emblem.URL)
    if picture is None:
        yield error("mail.emblem", _("The emblem of the European Union is missing from the mail."), article=ANNEX)
        return
    row = picture.find_parent("tr")
    beside = " ".join(row.get_text(" ").split()) if row else ""
    if beside != STATEMENTS[language]:
        yield error(
            "mail.statement",
            _("The funding statement is not in full beside the emblem of the mail, alone and in its language."),
            article=ANNEX,
            excerpt=shown(beside),
        )


def holding_back(versions: list[IssuePage]) -> list[Finding]:
    """What keeps an issue from being sent today: errors that nobody has accepted. What it leads to may have changed since it went live."""
    return [finding for version in versions for finding in not_accepted(version, findings(version))]


def register_all() -> None:
    register("newsletters.mail", check_mail)
