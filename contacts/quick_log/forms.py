"""What is asked of a meeting or a call that was held. Two fields matter; the others are preset."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts import outreach
from contacts.models import Outreach, Person
from themes.models import Channel, Goal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from base.models import User

KINDS = (Outreach.Kind.MEETING, Outreach.Kind.CALL)
# The channel of the plan that meetings and calls go by, where the plan has it.
CHANNEL = "meetings"
MOST = 500


class WhatForm(forms.Form):
    """All but who: for a selection that stands already."""

    what = forms.CharField(label=gettext_lazy("What about"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=gettext_lazy("Meeting or call"), choices=[(kind.value, kind.label) for kind in KINDS], widget=forms.RadioSelect)
    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    goals = forms.ModelMultipleChoiceField(
        Goal.objects.order_by("scope", "pk"), label=gettext_lazy("Goals"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without a goal it shows as unplanned work."),
    )  # fmt: skip
    # The one that stands in the calendar for it, if there is one.
    planned = forms.ModelChoiceField(Outreach.objects.to_be_held(), required=False, widget=forms.HiddenInput)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. What is planned goes into the list of outreach."))
        return day

    def log(self, people: Sequence[Person], *, by: User) -> Outreach:
        """Of a valid form. The people are of one theme (`check_people`)."""
        said, theme = self.cleaned_data, people[0].theme
        return outreach.log_meeting(
            theme=theme,
            kind=Outreach.Kind(said["kind"]),
            title=said["what"],
            goals=said["goals"],
            people=people,
            channel=Channel.objects.filter(theme=theme, key=CHANNEL).first(),
            at=moment_on(said["on"]),
            planned=said["planned"],
            by=by,
        )


class LogForm(WhatForm):
    """`who` is what is being typed; who was chosen is in `people`."""

    who = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    people = forms.ModelMultipleChoiceField(Person.objects.all(), required=False)
    field_order = ("who", "people", "what")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        people, typed = list(said.get("people") or ()), said.get("who", "").strip()
        if typed:
            self.add_error("who", _("“%(typed)s” is not chosen yet: tick who is meant below, or clear the field.") % {"typed": typed})
        elif not people and "people" not in self.errors:
            self.add_error("who", _("Say who it was: type a name and choose."))
        if problem := trouble_with(people):
            self.add_error("who", problem)
        return said


def trouble_with(people: Sequence[Person]) -> str:
    """In words why these cannot be of one meeting; "" where they can."""
    if len({person.theme_id for person in people}) > 1:
        return _("They are contacts of different national themes: log it for each theme.")
    if len(people) > MOST:
        return ngettext(
            "A meeting or a call is of %(number)d contact at most: narrow the selection.",
            "A meeting or a call is of %(number)d contacts at most: narrow the selection.",
            MOST,
        ) % {"number": MOST}
    return ""


def moment_on(day: date) -> datetime:
    """Today it is now, on another day noon."""
    now = timezone.localtime()
    return now if day == now.date() else timezone.make_aware(datetime.combine(day, time(12)))


def presets_of(planned: Outreach) -> dict[str, Any]:
    """What was planned, as held today."""
    goals = [goal.pk for goal in planned.goals.all()]
    return {"on": timezone.localdate(), "kind": planned.kind, "goals": goals, "what": planned.title, "planned": planned.pk}


def presets(user: User, goals: Iterable[int] = ()) -> dict[str, Any]:
    """Today, a meeting, and the goals that are given or those that this user last logged for."""
    last = Outreach.objects.filter(responsible=user, kind__in=KINDS, item_key=None).order_by("-pk").first()
    return {
        "on": timezone.localdate(),
        "kind": Outreach.Kind.MEETING,
        "goals": list(goals) or ([goal.pk for goal in last.goals.all()] if last else []),
    }
