"""What is typed of a report: its facts, its sections, a link to it, a schedule, a recommendation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from base.languages import CODES, FALLBACK
from base.models import User
from base.roles import Role
from desk.reports import periods
from desk.reports.actions import LONGEST
from desk.reports.records import Kind, Recommendation, Report, ReportSchedule, Section
from desk.reports.referring import problems
from themes.models import Goal
from themes.teams import people_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from desk.reports.figures import Figure
    from themes.models import Theme

STAFF = (Role.COMMUNICATIONS, Role.ORGANISERS, Role.COORDINATORS, Role.ADMINISTRATORS)


def staff_in(theme: Theme) -> QuerySet[User]:
    return people_of(theme, STAFF).distinct().order_by("last_name", "first_name", "pk")


class StaffField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    def label_from_instance(self, user: User) -> str:
        return user.get_full_name() or user.get_username()


class LanguagesField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=capfirst(gettext_lazy("languages")), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[str]:
        """In the house's order."""
        chosen = super().clean(value)
        return [code for code in CODES if code in chosen]


class PeriodForm(forms.Form):
    """What a report is of. The goals are those of its theme."""

    kind = forms.ChoiceField(label=capfirst(gettext_lazy("kind")), choices=Kind.choices, widget=forms.RadioSelect)
    starts = forms.DateField(label=capfirst(gettext_lazy("first day")), widget=AdminDateInput)
    ends = forms.DateField(label=capfirst(gettext_lazy("last day")), widget=AdminDateInput)
    languages = LanguagesField()
    goals = forms.ModelMultipleChoiceField(Goal.objects.none(), label=capfirst(gettext_lazy("goals")), widget=forms.CheckboxSelectMultiple)
    responsible = StaffField(User.objects.none(), label=capfirst(gettext_lazy("responsible")), required=False)

    def __init__(self, *args: Any, theme: Theme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals: Any = self.fields["goals"]
        goals.queryset = Goal.objects.filter(theme=theme).prefetch_related("expected_results").order_by("scope", "pk")
        responsible: Any = self.fields["responsible"]
        responsible.queryset = staff_in(theme)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        # A row tells it itself.
        if not hasattr(self, "instance") and data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("The period ends before it starts."))
        return data

    @classmethod
    def usual(cls, theme: Theme, today: date) -> dict[str, Any]:
        period = periods.before(today, ReportSchedule.Pace.QUARTER)
        goals = [goal.pk for goal in Goal.objects.filter(theme=theme)]
        return {"kind": Kind.STEERING_GROUP, "starts": period.starts, "ends": period.ends, "languages": [FALLBACK], "goals": goals}


class ReportForm(PeriodForm, forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A report's facts, once it has been begun: its kind and so its parts stay."""

    kind = None  # type: ignore[assignment]  # so Django takes a field away

    class Meta:
        model = Report
        fields: ClassVar = ["name_fi", "name_sv", "name_en", "starts", "ends", "languages", "goals", "responsible"]


class SectionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Heading and text in the report's languages, in Finnish always. A reference that leads nowhere is told at its text."""

    class Meta:
        model = Section
        fields: ClassVar = ["place", *(f"{name}_{code}" for code in CODES for name in ("heading", "text"))]
        widgets: ClassVar = {f"text_{code}": forms.Textarea(attrs={"rows": 5}) for code in CODES}

    def __init__(self, *args: Any, figures: Mapping[str, Figure], languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.figures = figures
        for code in set(CODES) - {FALLBACK, *languages}:
            del self.fields[f"heading_{code}"], self.fields[f"text_{code}"]
        if self.instance.pk is None:
            # The empty one at the end: none is wanted unless something stands in it.
            self.fields["heading_fi"].required = self.fields["place"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in [name for name in self.fields if name.startswith("text_")]:
            for told in problems(data.get(name) or "", self.figures):
                self.add_error(name, told)
        has_text = any(data.get(name) for name in self.fields if name.startswith(("text_", "heading_")))
        if self.instance.pk is None and has_text and not data.get("heading_fi"):
            self.add_error("heading_fi", _("Give the section a heading."))
        return data

    @property
    def is_wanted(self) -> bool:
        return bool(self.instance.pk or self.cleaned_data.get("heading_fi"))


class LinkForm(forms.Form):
    language = forms.ChoiceField(label=capfirst(gettext_lazy("language")), choices=settings.LANGUAGES)
    note = forms.CharField(label=capfirst(gettext_lazy("for whom")), max_length=200, required=False)
    ends_on = forms.DateField(label=capfirst(gettext_lazy("last day")), widget=AdminDateInput)

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("The day is past: choose one that is to come."))
        if day > today + LONGEST:
            raise forms.ValidationError(_("A link is open for a year at most."))
        return day


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    languages = LanguagesField(initial=[FALLBACK])
    responsible = StaffField(User.objects.none(), label=capfirst(gettext_lazy("responsible")))

    class Meta:
        model = ReportSchedule
        fields: ClassVar = ["kind", "pace", "languages", "responsible"]

    def __init__(self, *args: Any, theme: Theme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.theme = theme
        responsible: Any = self.fields["responsible"]
        responsible.queryset = staff_in(theme)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, pace = data.get("kind"), data.get("pace")
        if kind and pace:
            if ReportSchedule.objects.filter(theme=self.instance.theme, kind=kind, pace=pace).exists():
                self.add_error("pace", _("There is such a schedule already."))
            self.instance.next_on = periods.after(timezone.localdate(), pace)
        return data


class RecommendationForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    responsible = StaffField(User.objects.none(), label=capfirst(gettext_lazy("who follows it up")), required=False)

    class Meta:
        model = Recommendation
        fields: ClassVar = ["goal", "text", "given_on", "responsible", "due"]
        widgets: ClassVar = {"given_on": AdminDateInput, "due": AdminDateInput, "text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, theme: Theme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("goal", Goal.objects.filter(theme=theme).order_by("scope", "pk")), ("responsible", staff_in(theme))):
            field: Any = self.fields[name]
            field.queryset = rows


def in_a_month() -> date:
    return timezone.localdate() + timedelta(days=30)
