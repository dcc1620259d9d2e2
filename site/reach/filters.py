"""Which days and which part of the site are shown. It stands in the address, so that a view can be kept and sent; and as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from base.bounds import bound
from base.pages import ENDONYMS
from base.periods import CHOICES, PeriodForm
from reach.models import Total
from reach.places import places

if TYPE_CHECKING:
    from collections.abc import Mapping

BEFORE, YEAR = "before", "year"
Scope = Total.Scope


@dataclass(frozen=True)
class Narrowed:
    """`first` and `last` are shown, beside as many days that begin on `other`, unless that is None."""

    first: date
    last: date
    other: date | None
    scope: str
    key: str
    label: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def other_last(self) -> date | None:
        return self.other and self.other + timedelta(days=self.days - 1)

    def sentence(self) -> str:
        words = {"part": self.label, "first": _day(self.first), "last": _day(self.last)}
        if self.other is None or self.other_last is None:
            return _("Shown: %(part)s, %(first)s–%(last)s.") % words
        words |= {"from": _day(self.other), "until": _day(self.other_last)}
        return _("Shown: %(part)s, %(first)s–%(last)s, compared with %(from)s–%(until)s.") % words


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


class FilterForm(PeriodForm):
    periods: ClassVar[tuple[str, ...]] = tuple(CHOICES)
    usual: ClassVar = "30"

    part = forms.ChoiceField(label=gettext_lazy("Part of the site"), required=False)
    beside = forms.ChoiceField(
        label=gettext_lazy("Compared with"), required=False,
        choices=[
            (BEFORE, gettext_lazy("The days before")),
            (YEAR, gettext_lazy("The same days a year before")),
            ("none", gettext_lazy("Nothing")),
        ],
    )  # fmt: skip

    def __init__(self, asked: Mapping[str, Any], today: date) -> None:
        super().__init__({"period": self.usual, "beside": BEFORE, **{name: asked[name] for name in asked}}, today, auto_id="reach_%s")
        self.parts = parts(str(asked.get("part", "")))
        self.choose("part", self.parts)

    def narrowed(self) -> Narrowed:
        first, last = self.span()
        part = self.cleaned_data.get("part") or ""
        scope, _colon, key = part.partition(":")
        return Narrowed(first, last, _other(first, last, self.cleaned_data.get("beside") or BEFORE), scope or Scope.SITE, key, self.parts[part])


def _other(first: date, last: date, beside: str) -> date | None:
    if beside == YEAR:
        # By weeks, so that weekdays stand beside weekdays.
        return first - timedelta(weeks=52)
    return first - (last - first) - timedelta(days=1) if beside == BEFORE else None


def parts(chosen: str) -> dict[str, str]:
    """The whole, each language, each section that is live; and the page that is asked for. One query."""
    theme = bound()
    mine = {number: place for number, place in places().items() if theme in (None, place.theme)}
    sections = {place.section for place in mine.values()}
    scope, _colon, key = chosen.partition(":")
    page = int(key) if scope == Scope.PAGE and key.isdecimal() and int(key) in mine else 0
    titles = dict(Page.objects.filter(pk__in=sections | {page}).order_by("path").values_list("pk", "title"))
    found = {"": str(Scope.SITE.label)}
    found |= {f"{Scope.LANGUAGE}:{code}": name for code, name in ENDONYMS.items()}
    found |= {f"{Scope.SECTION}:{number}": f"{title} ({mine[number].language})" for number, title in titles.items() if number in sections}
    return found | ({f"{Scope.PAGE}:{page}": titles[page]} if page in titles else {})
