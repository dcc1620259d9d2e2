"""What the desk is narrowed to. It stands in the address, so that a view can be kept and sent; and as a sentence, so that nobody mistakes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from base.languages import CODES, FALLBACK
from base.pages import ENDONYMS
from themes.models import Channel, Goal, Region, Scope, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

PERIODS = {"30": 30, "90": 90, "365": 365}
USUAL = "90"


class FilterForm(forms.Form):
    """Takes anything that an address can hold; what is no choice is told, and narrows nothing."""

    period = forms.ChoiceField(
        label=gettext_lazy("Period"), required=False,
        choices=[
            ("30", gettext_lazy("Last 30 days")),
            ("90", gettext_lazy("Last 90 days")),
            ("365", gettext_lazy("Last 12 months")),
            ("own", gettext_lazy("From a day to a day")),
        ],
    )  # fmt: skip
    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    scope = forms.ChoiceField(label=gettext_lazy("Communication"), required=False, choices=[("", gettext_lazy("All")), *Scope.choices])
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Target group"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, choices=[("", gettext_lazy("All")), *ENDONYMS.items()])

    def __init__(self, asked: Mapping[str, Any], today: date) -> None:
        super().__init__(asked, auto_id="desk_%s")
        self.today = today
        self.names = names()
        for name, found in self.names.items():
            self.fields[name].choices = [("", _("All")), *found.items()]  # type: ignore[attr-defined]  # a choice has some

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("period") == "own":
            for name in ("first", "last"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Give the day."))
        if first and last and first > last:
            self.add_error("last", _("The last day is before the first."))
        return cleaned

    def narrowed(self) -> Narrowed:
        """What is wrong in the address narrows nothing."""
        self.is_valid()
        found = self.cleaned_data
        last, days = self.today, PERIODS.get(found.get("period") or USUAL, PERIODS[USUAL])
        first = last - timedelta(days=days - 1)
        if found.get("period") == "own" and found.get("first") and found.get("last"):
            first, last = found["first"], min(found["last"], self.today)
        chosen = {name: found.get(name) or "" for name in ("scope", "region", "group", "channel", "language")}
        return Narrowed(min(first, last), last, names=self.names, **chosen)


def names() -> dict[str, dict[str, str]]:
    """Regions by their code, target groups and channels by their number, each with its name. One question."""
    rows = [
        model.objects.order_by().annotate(what=Value(what)).values_list("what", Cast(key, CharField()), *(f"name_{code}" for code in CODES))
        for what, model, key in (("region", Region, "code"), ("group", TargetGroup, "pk"), ("channel", Channel, "pk"))
    ]  # fmt: skip
    found: dict[str, dict[str, str]] = {"region": {}, "group": {}, "channel": {}}
    for what, key, *words in rows[0].union(*rows[1:], all=True):
        found[what][key] = in_language(dict(zip(CODES, words, strict=True)))
    by_name = {what: dict(sorted(named.items(), key=lambda row: row[1].casefold())) for what, named in found.items()}
    return by_name | {"region": dict(sorted(found["region"].items()))}


def in_language(words: Mapping[str, str]) -> str:
    return words.get((get_language() or FALLBACK)[:2]) or words[FALLBACK]


@dataclass(frozen=True)
class Narrowed:
    first: date
    last: date
    scope: str = ""
    region: str = ""
    group: str = ""
    channel: str = ""
    language: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def goals(self) -> Q:
        """A goal without regions, or without target groups, is for all of them."""
        found = Q(scope=self.scope) if self.scope else Q()
        if self.region:
            found &= Q(regions=None) | Q(regions__code=self.region)
        if self.group:
            found &= Q(audiences=None) | Q(audiences=self.group)
        return found

    def acts(self) -> Q:
        """What was done in the period. An act that names no region or no target group is for all of them."""
        found = Q(done_at__date__gte=self.first, done_at__date__lte=self.last)
        if self.scope:
            found &= Q(scope=self.scope)
        if self.region:
            found &= Q(regions=None) | Q(regions__code=self.region)
        if self.group:
            found &= Q(audiences=None) | Q(audiences=self.group)
        return found & Q(channel=int(self.channel)) if self.channel else found

    @property
    def is_narrow(self) -> bool:
        return bool(self.scope or self.region or self.group or self.channel or self.language)

    def sentence(self) -> str:
        words = {name: self.names.get(name, {}).get(getattr(self, name), "") for name in ("region", "group", "channel")}
        words |= {"scope": str(dict(Scope.choices).get(self.scope, "")), "language": ENDONYMS.get(self.language, "")}
        words |= {"first": date_format(self.first, "SHORT_DATE_FORMAT"), "last": date_format(self.last, "SHORT_DATE_FORMAT")}
        parts = [
            self.scope and _("communication: %(scope)s"),
            self.region and _("region: %(region)s"),
            self.group and _("target group: %(group)s"),
            self.channel and _("channel: %(channel)s"),
            self.language and _("language: %(language)s"),
            "%(first)s–%(last)s",
        ]
        return _("Shown: ") + "; ".join(part % words for part in parts if part) + "."

    def remark(self) -> str:
        """What the sentence would let one think."""
        if not (self.channel or self.language):
            return ""
        return _("Channel and language narrow the outreach below. The figures of goals count all of theirs.")


def shown_goals(narrowed: Narrowed) -> list[Goal]:
    """In the plan's order. One query."""
    rows = Goal.objects.filter(narrowed.goals()).select_related("plan").order_by("scope", "pk").distinct()
    return list(rows)
