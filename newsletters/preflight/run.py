"""All looks, side by side where they wait for others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from mail import sender_records
from mail.message import domain_of
from newsletters.preflight import letters, links, pages
from newsletters.preflight.results import Level, Result, in_order

if TYPE_CHECKING:
    from newsletters.models import IssuePage


def run(issue: IssuePage) -> list[Result]:
    """The blocking ones first. What has to wait for others waits at the same time, four seconds at most."""
    made = letters.Letters.of(issue)
    language = translation.get_language()
    domain = domain_of(issue.newsletter.from_email)
    outside = made.outside()
    with ThreadPoolExecutor(2) as pool:
        records = pool.submit(_records, language, domain)
        answers = pool.submit(links.ask_all, outside)
        found = [*pages.results(made), *letters.results(made), *links.inside(made)]
        return in_order([*found, *links.told(outside, answers.result(), made), *_of_sender(records.result())])


def blocking(issue: IssuePage) -> list[Result]:
    """What keeps the issue from being sent, without asking anybody: of outside links, what was found out a little while ago."""
    made = letters.Letters.of(issue)
    found = [*letters.results(made), *links.inside(made), *links.told(made.outside(), links.remembered(made.outside()), made)]
    return [result for result in found if result.level is Level.BLOCKS]


def _records(language: str | None, domain: str) -> list[sender_records.Record]:
    """A thread has no language of its own."""
    with translation.override(language):
        return sender_records.check(domain)


def _of_sender(records: list[sender_records.Record]) -> list[Result]:
    if settings.DNS_RESOLVER is None:
        return [Result(Level.UNCHECKED, _("Sender's domain"), _("SPF, DKIM and DMARC are not looked up: no resolver is set (DNS_RESOLVER)."))]
    levels = {True: Level.PASSED, False: Level.WARNS, None: Level.UNCHECKED}
    return [Result(levels[record.is_good], record.name, record.told) for record in records]
