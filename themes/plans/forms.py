"""Forms in which goals and plans are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel, PageChooserPanel
from wagtail.models import get_page_models

from themes import measures
from themes.models import Proof
from themes.plans import comparing, rules, snapshot
from themes.plans.meanwhile import SeenForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from themes.plans.comparing import Change


class GoalForm(SeenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of a new goal the formset would have another one, which nothing is typed into.
        self.formsets["expected_results"].instance = self.instance

    def freeze(self, instance: Any) -> dict[str, Any]:
        return snapshot.of_goal(instance)

    def compare(self, old: dict[str, Any], new: dict[str, Any]) -> Iterable[Change]:
        return comparing.goal_changes(old, new)

    def rows_by_prefix(self, instance: Any) -> dict[str, set[str]]:
        proofs = Proof.objects.filter(message__goal=instance.pk)
        found = {"messages": instance.messages, "responsibilities": instance.responsibilities, "expected_results": instance.expected_results}
        numbers = {prefix: {str(row.pk) for row in rows.all()} for prefix, rows in found.items()}
        return numbers | {r"messages-\d+-proofs": {str(number) for number in proofs.values_list("pk", flat=True)}}


class PlanForm(SeenForm):
    def freeze(self, instance: Any) -> dict[str, Any]:
        return snapshot.facts(type(instance).objects.get(pk=instance.pk))

    def compare(self, old: dict[str, Any], new: dict[str, Any]) -> Iterable[Change]:
        return comparing.plan_changes(old, new)


class ResultForm(WagtailAdminModelForm):
    """The measure is chosen with its unit. One whose package is gone stays to be chosen where it stands, and says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.kept_measure
        gone = [(kept, measures.label_of(kept))] if kept and measures.get(kept) is None else []
        field = self.fields["measure"]
        self.fields["measure"] = forms.ChoiceField(
            label=field.label, choices=[("", "---------"), *gone, *measures.choices()], help_text=_("The measure gives the unit of the figures.")
        )


class ResultsFormSet(BaseChildFormSet):
    def clean(self) -> None:
        super().clean()
        typed = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data]
        for form in typed:
            day = form.cleaned_data.get("due")
            if day and (told := self.instance.why_not_due(day)) and "due" not in form.errors:
                form.add_error("due", told)
        levels = [form.instance.level for form in typed if form.cleaned_data.get("measure")]
        if rules.measures_output_only(levels):
            raise ValidationError(rules.why_output_is_not_enough())


class ResultsPanel(InlinePanel):
    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name] |= {"form": ResultForm, "formset": ResultsFormSet}
        return options


class ProofPagePanel(PageChooserPanel):
    """Pages of the kinds that can prove something: each says so of itself."""

    def get_form_options(self) -> dict[str, Any]:
        self.page_type = [model for model in get_page_models() if getattr(model, "proves", False)]
        options: dict[str, Any] = super().get_form_options()
        return options
