"""What the desk is narrowed to. It stands in the address, so that a view can be kept and sent; and as a sentence, so that nobody mistakes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from base.languages import CODES, FALLBACK
from base.pages import ENDONYMS
from base.periods import PeriodForm
from themes.models import Channel, Goal, Region, Scope, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Mapping


class FilterForm(PeriodForm):
    scope = forms.ChoiceField(label=gettext_lazy("Communication"), required=False, choices=[("", gettext_lazy("All")), *Scope.choices])
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Target group"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, choices=[("", gettext_lazy("All")), *ENDONYMS.items()])

    def __init__(self, asked: Mapping[str, Any], today: date) -> None:
        super().__init__(asked, today, auto_id="desk_%s")
        self.names = names()
        for name, found in self.names.items():
            self.choose(name, {"": _("All"), **found})

    def narrowed(self) -> Narrowed:
        """What is wrong in the address narrows nothing."""
        first, last = self.span()
        chosen = {name: self.cleaned_data.get(name) or "" for name in ("scope", "region", "group", "channel", "language")}
        return Narrowed(first, last, names=self.names, **chosen)


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
