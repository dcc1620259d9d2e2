"""The rules of the publication gate, and the languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from base.gate import findings
from base.gate.guard import not_accepted
from base.languages import CODES
from base.pages import ENDONYMS
from newsletters import languages
from newsletters.preflight.results import Level, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletters.preflight.letters import Letters


def results(made: Letters) -> Iterator[Result]:
    yield from _of_gate(made)
    yield from _of_languages(made)


def _of_gate(made: Letters) -> Iterator[Result]:
    is_clean = True
    for code, version in made.found.items():
        found = findings(version)
        errors = not_accepted(version, found)
        for finding in found:
            is_clean = False
            level = Level.BLOCKS if finding in errors else Level.WARNS
            where = reverse("wagtailadmin_pages:edit", args=[version.pk]) + finding.anchor
            excerpt = f" “{finding.excerpt}”" if finding.excerpt else ""
            subject = _("Publication checks, %(language)s") % {"language": ENDONYMS[code]}
            yield Result(level, subject, f"{finding.message}{excerpt}", finding.url or where)
    if is_clean:
        yield Result(Level.PASSED, _("Publication checks"), _("Texts, descriptions of pictures, links and the Union's statement are in order."))


def _of_languages(made: Letters) -> Iterator[Result]:
    lacking = languages.lacking(made.issue)
    for row in lacking:
        told = _("“%(title)s” is missing in: %(languages)s.") % {"title": row.title, "languages": row.names}
        yield Result(Level.WARNS, _("Translations"), told, row.states[0].place)
    if not lacking:
        names = ", ".join(ENDONYMS[code] for code in CODES if code in made.found)
        yield Result(Level.PASSED, _("Translations"), _("The issue and all its pages are there in: %(languages)s.") % {"languages": names})
