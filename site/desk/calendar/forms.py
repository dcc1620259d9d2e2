"""What is asked of a move, and of a new plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name

from base.bounds import bound
from base.models import User
from base.roles import Role
from contacts import outreach
from contacts.models import Outreach
from themes.models import Channel, Goal, TargetGroup, Theme
from themes.teams import people_of

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

ROLES = frozenset({Role.COMMUNICATIONS.value, Role.ORGANISERS.value, Role.COORDINATORS.value, Role.ADMINISTRATORS.value})


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class MoveForm(forms.Form):
    """`seen` is the day on which the act stood when the form was opened."""

    to = forms.DateField(label=gettext_lazy("To the day"), widget=day_input())
    seen = forms.DateField(required=False, widget=forms.HiddenInput)


class PlanForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Outreach.Kind.choices)
    planned_on = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=day_input(), help_text=gettext_lazy("Without a day it waits below the calendar.")
    )
    goals = forms.ModelMultipleChoiceField(
        Goal.objects.order_by("scope", "pk"), label=gettext_lazy("Goals"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without a goal it shows as unplanned work."),
    )  # fmt: skip
    audiences = forms.ModelMultipleChoiceField(
        TargetGroup.objects.order_by("scope", "pk"), label=gettext_lazy("Audiences"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without any, those of the goals."),
    )  # fmt: skip
    channel = forms.ModelChoiceField(Channel.objects.order_by("pk"), label=gettext_lazy("Channel"), required=False)
    responsible = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Responsible"), required=False)
    # Asked only of who works in several themes at once.
    theme = forms.ModelChoiceField(Theme.objects.order_by("pk"), label=gettext_lazy("National theme"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["responsible"].queryset = staff()
        fields["responsible"].label_from_instance = get_user_display_name
        themes = list(Theme.objects.order_by("pk")[:2])
        self.only_theme = themes[0] if len(themes) == 1 else None
        if self.only_theme:
            del fields["theme"]

    def clean_planned_on(self) -> date | None:
        day: date | None = self.cleaned_data["planned_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day has passed. Choose today or a day to come."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        theme = said["theme"] = self.only_theme or said.get("theme")
        if theme is None:
            return said
        for name in ("goals", "audiences"):
            if any(row.theme_id != theme.pk for row in said.get(name) or ()):
                self.add_error(name, _("Choose those of the theme."))
        if said.get("channel") and said["channel"].theme_id != theme.pk:
            self.add_error("channel", _("Choose a channel of the same theme."))
        return said

    def plan(self, *, by: User) -> Outreach:
        """Of a valid form."""
        said = dict(self.cleaned_data)
        goals, audiences = list(said["goals"]), list(said["audiences"])
        if not audiences:
            audiences = list(TargetGroup.objects.filter(goals__in=goals).distinct())
        facts = {name: said[name] for name in ("theme", "title", "planned_on", "channel", "responsible")}
        return outreach.plan(kind=Outreach.Kind(said["kind"]), goals=goals, audiences=audiences, by=by, **facts)


def staff() -> QuerySet[User]:
    """Who may answer for an act: whoever works in the theme, or in any where there is no bound."""
    number = bound()
    theme = Theme.objects.filter(pk=number).first() if number is not None else None
    found = people_of(theme, ROLES) if theme else User.objects.filter(groups__name__in=ROLES, is_active=True).distinct()
    return found.order_by("last_name", "first_name", "pk")
