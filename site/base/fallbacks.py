"""What a reader gets where a page is not in their language: the page in another one, marked as such, and never a text that pretends to be theirs.

An alias of a page in another language holds a place in the tree, no text: it counts as missing everywhere.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from base.languages import CODES

# Said to the reader beside a title in another language.
IN_LANGUAGE = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}


def borrowed() -> Q:
    """Aliases that show the text of another language."""
    return Q(alias_of__isnull=False) & ~Q(alias_of__locale=F("locale"))


def is_borrowed(page: Any) -> bool:
    """No query for a page that is no alias."""
    return page.alias_of_id is not None and page.alias_of.locale_id != page.locale_id


def _rank(language: str) -> Case:
    order = [language, *(code for code in CODES if code != language)]
    return Case(*(When(locale__language_code=code, then=Value(number)) for number, code in enumerate(order)), output_field=IntegerField())


def readable(pages: Any, language: str) -> Any:
    """Of each page one version: in the language, else in Finnish, Swedish or English. `text_code` is the language of each."""
    versions = Page.objects.live().exclude(borrowed()).filter(translation_key=OuterRef("translation_key"))
    better = versions.annotate(rank=_rank(language)).filter(rank__lt=OuterRef("rank"))
    pages = pages.exclude(borrowed())
    return pages.annotate(rank=_rank(language), text_code=F("locale__language_code")).filter(~Exists(better))


def below(page: Any, *, directly: bool) -> Q:
    """What stands below the page, or below the same page in another language. One query, or that of `versions`."""
    where = Q(pk__in=[])
    versions = page.versions.values() if hasattr(page, "versions") else page.get_translations(inclusive=True).live()
    for version in versions:
        depths = {"depth": version.depth + 1} if directly else {"depth__gt": version.depth}
        where |= Q(path__startswith=version.path, **depths)
    return where
