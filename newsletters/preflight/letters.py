"""The letters themselves, as bytes: how large they are, their headers, their colours."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from base.pages import ENDONYMS
from mail import slots
from newsletters import gate, making, recipients
from newsletters.preflight.results import Level, Result
from themes import colours
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletters.models import IssuePage

# Gmail cuts a letter there, and with it the way to leave and the Union's statement.
CLIPPED_AT = 102 * 1024
# Of a counted link in a copy: longer than the slot that stands for it.
LINK_LENGTH = 120
HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID", "Message-ID", "From", "Subject")
# Which text stands on which ground in a mail (`mail/layout.mjml`).
PAIRS = [("ink", "paper"), ("ink_muted", "paper"), ("signal", "paper"), ("ink_muted", "paper_2"), ("signal", "paper_2"), ("signal_ink", "signal")]
LEAST_CONTRAST = 4.5


@dataclass(frozen=True)
class Letters:
    """An issue in its languages, the draft where nothing is live yet, and all that is made of it."""

    issue: IssuePage
    found: dict[str, IssuePage]
    made: making.Rendered

    @classmethod
    def of(cls, issue: IssuePage) -> Letters:
        """Raises `recipients.NotSendable`, and ValueError where a link has an address that no mail can hold."""
        found = making.versions(issue) or {issue.locale.language_code: issue.get_latest_revision_as_object()}
        pairs = recipients.pairs_of(found, recipients.recipients(issue, found)) or [(language, "") for language in found]
        return cls(issue, found, making.make(found, pairs))

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.issue.pk])

    def own_hosts(self) -> set[str]:
        return {urlsplit(address).netloc for address in (settings.BASE_URL, address_of(self.issue.theme))}

    def outside(self) -> list[str]:
        return [url for url in self.made.links.urls if urlsplit(url).netloc not in self.own_hosts()]


def results(made: Letters) -> Iterator[Result]:
    for language, segment, _subject, mime in made.made.variants:
        name = ENDONYMS[language] + (f" ({segment})" if segment else "")
        mail = message_from_bytes(mime, policy=policy.default)
        html: Any = mail.get_body(("html",))
        yield _size(name, html.get_content(), made)
        yield _headers(name, mail, made)
        errors = list(gate.check_eu_line(BeautifulSoup(html.get_content(), "html.parser"), language))
        told = errors[0].message if errors else _("The emblem and the statement of the European Union stand in the letter.")
        yield Result(Level.BLOCKS if errors else Level.PASSED, _("EU line, %(letter)s") % {"letter": name}, told)
    yield from _contrast(made)


def _size(name: str, html: str, made: Letters) -> Result:
    subject = _("Size, %(letter)s") % {"letter": name}
    size = len(slots.PATTERN.sub("x" * LINK_LENGTH, html).encode())
    about = {"size": number_format(round(size / 1024, 1), 1), "most": CLIPPED_AT // 1024}
    if size > CLIPPED_AT:
        told = _("%(size)s kilobytes: Gmail shows %(most)d and cuts the rest, with the way to leave. Shorten the issue.")
        return Result(Level.BLOCKS, subject, told % about, f"{made.edit_url}#body-section")
    return Result(Level.PASSED, subject, _("%(size)s kilobytes of the %(most)d that Gmail shows.") % about)


def _headers(name: str, mail: Any, made: Letters) -> Result:
    subject = _("Mail headers, %(letter)s") % {"letter": name}
    missing = [header for header in HEADERS if not mail[header]]
    if missing:
        return Result(Level.BLOCKS, subject, _("The letter has no %(headers)s.") % {"headers": ", ".join(missing)})
    if not str(mail["List-Unsubscribe"]).startswith("<https://"):
        told = _("The address for leaving does not begin with https: Gmail and Yahoo then show no way to leave. Set BASE_URL.")
        return Result(Level.WARNS, subject, told)
    return Result(Level.PASSED, subject, _("One click to leave, the list's name and a return path are there."))


def _contrast(made: Letters) -> Iterator[Result]:
    words = mail_look(made.issue.theme).words()
    weak = [
        f"{words[prefix + text]} / {words[prefix + ground]}"
        for prefix in ("", "dark_")
        for text, ground in PAIRS
        if colours.contrast_of(words[prefix + text], words[prefix + ground]) < LEAST_CONTRAST
    ]
    if weak:
        yield Result(Level.WARNS, _("Contrast"), _("Text is hard to read in these colours: %(pairs)s.") % {"pairs": ", ".join(weak)})
    else:
        yield Result(Level.PASSED, _("Contrast"), _("Text can be read in the mail's colours, light and dark."))
