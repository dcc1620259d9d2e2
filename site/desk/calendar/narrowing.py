"""By what the calendar is narrowed: the choices, and the sentence that says what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.utils import get_user_display_name

from base.pages import ENDONYMS
from desk.calendar.asked import WITHOUT
from desk.calendar.forms import staff
from themes.models import Channel, Goal, Scope

if TYPE_CHECKING:
    from desk.calendar.asked import Asked


@dataclass(frozen=True)
class Choice:
    """A select of the form: `options` are (value, label), without the empty one."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str

    @property
    def chosen_label(self) -> str:
        return dict(self.options).get(self.chosen, self.chosen)


def choices(asked: Asked) -> list[Choice]:
    """Three queries."""
    goals = [(str(goal.pk), goal.name) for goal in Goal.objects.order_by("scope", "pk")]
    channels = [(str(channel.pk), channel.name) for channel in Channel.objects.order_by("pk")]
    people = [(str(user.pk), str(get_user_display_name(user))) for user in staff()]
    found = [
        ("goal", _("Goal"), [*goals, (WITHOUT, _("Unplanned: serves no goal"))]),
        ("channel", _("Channel"), channels),
        ("language", _("Language"), [(code, ENDONYMS[code]) for code, _name in settings.LANGUAGES]),
        ("person", _("Responsible"), people),
        ("scope", _("Scope"), [(scope.value, str(scope.label)) for scope in Scope]),
    ]
    return [Choice(name, label, options, asked.chosen.get(name, "")) for name, label, options in found]


def sentence(asked: Asked, number: int, facets: list[Choice]) -> str:
    """What is shown, in words."""
    words = {"number": number, "month": date_format(asked.first, "YEAR_MONTH_FORMAT")}
    told = ngettext("%(month)s: %(number)d entry", "%(month)s: %(number)d entries", number) % words
    narrowed = [f"{facet.label}: {facet.chosen_label}" for facet in facets if facet.chosen]
    return f"{told}. {'; '.join(narrowed)}." if narrowed else f"{told}."
