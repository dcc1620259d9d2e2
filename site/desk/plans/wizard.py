"""A new plan in four steps, from the theme's facts. All that is typed travels in the form itself, so nothing is lost on going back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from base.staff import staff_of
from contacts.screens import Screen
from desk.one_theme import OfOneTheme
from themes.models import Goal, Region, Scope, Strategy, TargetGroup, Theme
from themes.plans.beginning import Beginning, Facts, begin_plan, suggestions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from themes.plans.beginning import Suggestion

# Goals that begin from nothing, beside the suggestions.
OWN_GOALS = 3
STEPS = (gettext_lazy("The plan"), gettext_lazy("Whom it is for"), gettext_lazy("What is to change"), gettext_lazy("Look through"))
LAST = len(STEPS) - 1


class PlanStep(forms.Form):
    name_fi = forms.CharField(label=capfirst(gettext_lazy("name in Finnish")), max_length=250)
    name_sv = forms.CharField(label=capfirst(gettext_lazy("name in Swedish")), max_length=250, required=False)
    name_en = forms.CharField(label=capfirst(gettext_lazy("name in English")), max_length=250, required=False)
    starts = forms.DateField(label=capfirst(gettext_lazy("starts")), widget=AdminDateInput)
    ends = forms.DateField(label=capfirst(gettext_lazy("ends")), widget=AdminDateInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("The plan must end after it starts."))
        return data


class WhomStep(forms.Form):
    audiences = forms.ModelMultipleChoiceField(
        TargetGroup.objects.none(), label=capfirst(gettext_lazy("audiences")), required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.ModelMultipleChoiceField(
        Region.objects.none(),
        label=capfirst(gettext_lazy("regions")),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without a tick: the whole country."),
    )
    strategies = forms.ModelMultipleChoiceField(
        Strategy.objects.none(), label=capfirst(gettext_lazy("strategies")), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, theme: Theme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_theme = {"audiences": TargetGroup, "strategies": Strategy}
        rows: dict[str, Any] = {name: model._default_manager.filter(theme=theme) for name, model in of_theme.items()}
        for name, found in (rows | {"regions": Region.objects.all()}).items():
            self.fields[name].queryset = found.order_by("pk")  # type: ignore[attr-defined]  # a field of rows has it


class GoalStep(forms.Form):
    """One goal to be. Without its tick it is none, whatever else stands in it."""

    wanted = forms.BooleanField(label=capfirst(gettext_lazy("take as a goal")), required=False)
    name = forms.CharField(label=capfirst(gettext_lazy("goal, in Finnish")), max_length=250, required=False)
    kind = forms.ChoiceField(label=capfirst(gettext_lazy("kind")), choices=Goal.Kind.choices, required=False)
    scope = forms.ChoiceField(label=capfirst(gettext_lazy("scope")), choices=Scope.choices, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("wanted") and not data.get("name"):
            self.add_error("name", _("Write what is to change, or take the tick away."))
        return data


class WizardView(OfOneTheme, Screen):
    template_name = "desk/plans/wizard.html"
    page_title = gettext_lazy("New communication plan")
    permission = "themes.add_plan"
    header_icon = "calendar-alt"
    above = (("wagtailsnippets_themes_plan:list", gettext_lazy("Communication plans")),)

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        return suggestions(self.theme) if self.theme else []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(step=0, steps=self.steps(self.theme, None) if self.theme else [])

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.theme is None:
            raise Http404
        steps, step, to = self.steps(self.theme, request.POST), number(request.POST.get("step", "")), request.POST.get("to", "next")
        if to == "back":
            return self.answer(step=max(step - 1, 0), steps=steps)
        # Whoever goes on has what was asked so far in order; at the end that is all of it.
        wrong = next((at for at in range(min(step, LAST - 1) + 1) if not is_valid(steps[at])), None)
        if wrong is not None:
            return self.answer(status=422, step=wrong, steps=steps, is_refused=True)
        if step < LAST:
            return self.answer(step=step + 1, steps=steps)
        plan = begin_plan(theme=self.theme, facts=self.facts(steps), by=staff_of(request))
        messages.success(request, _("The plan “%(plan)s” is a draft. Each goal says what it still lacks.") % {"plan": plan.name})
        return redirect("desk:plan", pk=plan.pk)

    def steps(self, theme: Theme, data: Any) -> list[list[forms.Form]]:
        """The forms of each step. `data` is None when it begins."""
        goals: dict[str, dict[str, Any]] = {row.key: {"name": row.names["fi"], "kind": Goal.Kind.BEHAVIOUR} for row in self.suggestions}
        goals |= {f"own-{at}": {} for at in range(OWN_GOALS)}
        return [
            [PlanStep(data, initial=first_words(theme))],
            [WhomStep(data, theme=theme)],
            [GoalStep(data, prefix=f"goal-{key}", initial=initial) for key, initial in goals.items()],
            [],
        ]

    def facts(self, steps: Sequence[Sequence[Any]]) -> Facts:
        plan, whom = steps[0][0].cleaned_data, steps[1][0].cleaned_data
        return Facts(
            names={code: plan[f"name_{code}"] for code in ("fi", "sv", "en")},
            starts=plan["starts"],
            ends=plan["ends"],
            **{name: list(whom[name]) for name in ("audiences", "regions", "strategies")},
            goals=self.beginnings(steps[2]),
        )

    def beginnings(self, goals: Sequence[Any]) -> list[Beginning]:
        """Of those that are ticked."""
        rows = [*self.suggestions, *([None] * OWN_GOALS)]
        return [
            Beginning(data["name"], data["kind"] or Goal.Kind.AWARENESS, data["scope"] or Scope.EXTERNAL, suggestion)
            for data, suggestion in ((form.cleaned_data, suggestion) for form, suggestion in zip(goals, rows, strict=True))
            if data["wanted"]
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        steps, step = context["steps"], context["step"]
        shown = steps[step] if steps else []
        context |= {"theme": self.theme, "themes": self.themes, "names": STEPS, "name": STEPS[step], "number": step + 1, "last": LAST}
        context |= {"shown": shown, "kept": [form for at, forms in enumerate(steps) if at != step for form in forms]}
        context["media"] = sum((form.media for form in shown), forms.Media())
        is_end = step == LAST and all(is_valid(part) for part in steps)
        return context | {"facts": self.facts(steps) if is_end else None}


def is_valid(step: Sequence[forms.Form]) -> bool:
    """Each is looked at, so that each says what is wrong in it."""
    return not [form for form in step if not form.is_valid()]


def number(text: str) -> int:
    return min(int(text), LAST) if text.isdecimal() and len(text) < 3 else 0


def first_words(theme: Theme) -> dict[str, Any]:
    """What the plan is called and when it runs, from the theme."""
    names = {"fi": "Viestintäsuunnitelma: {}", "sv": "Kommunikationsplan: {}", "en": "Communication plan: {}"}
    named = {f"name_{code}": words.format(getattr(theme, f"name_{code}")) for code, words in names.items() if getattr(theme, f"name_{code}")}
    today = timezone.localdate()
    return named | {"starts": max(today, date(theme.starts, 1, 1)), "ends": max(today, date(theme.ends, 12, 31))}
