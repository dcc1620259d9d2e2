"""The form of the preference centre. It carries what it showed, so that only what was changed on it is done."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import RadioSelect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.languages import active
from base.pages import ENDONYMS
from newsletters import tracking
from newsletters.forms import topics_field
from newsletters.subscriptions import consent_words
from themes.models import Region, SubTheme

if TYPE_CHECKING:
    from datetime import date

    from newsletters.models import Newsletter
    from newsletters.preferences import Standing

PAUSES = {"month": timedelta(days=30), "quarter": timedelta(days=91)}
LONGEST = timedelta(days=366)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PreferencesForm(forms.Form):
    """`letters` are its fields of newsletters, one a newsletter, named by its number."""

    language = forms.ChoiceField(label=_("Language of the newsletters"), choices=list(ENDONYMS.items()), widget=RadioSelect, required=False)
    sub_themes = topics_field(SubTheme, _("Sub-themes that interest you"))
    regions = topics_field(Region, _("Regions that interest you"))
    pause = forms.ChoiceField(
        label=_("Pause"),
        choices=[("no", _("No pause")), ("month", _("For a month")), ("quarter", _("For three months")), ("until", _("Until a day that I choose"))],
        widget=RadioSelect,
        required=False,
    )
    until = forms.DateField(label=_("The day when they come again"), widget=DayInput, required=False)
    opens = forms.BooleanField(label=_("My opening of newsletters may be counted"), required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, standing: Standing) -> None:
        self.standing = standing
        super().__init__(data, initial=self._initial())
        for offer in standing.offers:
            self.fields[f"letter-{offer.newsletter.pk}"] = _letter_field(offer.newsletter, is_on=offer.is_on)
        theme = standing.person.theme
        cast("Any", self.fields["sub_themes"]).queryset = SubTheme.objects.filter(theme=theme).order_by(f"name_{active()}", "pk")
        cast("Any", self.fields["regions"]).queryset = Region.objects.all()
        # The page says it once, above both.
        self.fields["sub_themes"].help_text = self.fields["regions"].help_text = ""
        self.fields["opens"].help_text = tracking.consent_text(active())

    def _initial(self) -> dict[str, Any]:
        settings = self.standing.settings
        letters = {f"letter-{offer.newsletter.pk}": offer.is_on for offer in self.standing.offers}
        until = settings["paused_until"]
        values = {name: settings[name] for name in ("language", "sub_themes", "regions", "opens")}
        return letters | values | {"pause": "until" if until else "no", "until": until, "shown": json.dumps(self._now())}

    def _now(self) -> dict[str, Any]:
        settings = self.standing.settings
        until = settings["paused_until"]
        return {
            "letters": [offer.newsletter.pk for offer in self.standing.offers if offer.is_on],
            "language": settings["language"],
            "sub_themes": sorted(topic.pk for topic in settings["sub_themes"]),
            "regions": sorted(topic.pk for topic in settings["regions"]),
            "paused_until": until.isoformat() if until else None,
            "opens": settings["opens"],
        }

    @property
    def letters(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("letter-")]

    def clean_shown(self) -> dict[str, Any]:
        """A form that says nothing of what it showed had nothing on it: then only what it asks for is done."""
        try:
            shown = json.loads(self.cleaned_data["shown"] or "{}")
        except (ValueError, RecursionError):
            shown = {}
        return shown if isinstance(shown, dict) else {}

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"] or self.standing.settings["language"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        today, until = timezone.localdate(), cleaned.get("until")
        is_chosen = cleaned.get("pause") == "until" and "until" in cleaned
        if is_chosen and (until is None or not today < until <= today + LONGEST):
            self.add_error("until", ValidationError(_("Choose a day from tomorrow on, within a year.")))
        return cleaned

    def _paused_until(self) -> date | None:
        pause = self.cleaned_data["pause"]
        if pause in PAUSES:
            return timezone.localdate() + PAUSES[pause]
        return self.cleaned_data["until"] if pause == "until" else None

    def wishes(self) -> dict[str, Any]:
        """As `preferences.change` takes them."""
        given, shown = self.cleaned_data, self.cleaned_data["shown"]
        settings = {name: given[name] for name in ("language", "opens")} | {name: list(given[name]) for name in ("sub_themes", "regions")}
        # A form without the question does not end a pause.
        settings["paused_until"] = self._paused_until() if given["pause"] else self.standing.settings["paused_until"]
        return {"turned": self._turned(shown.get("letters")), "settings": settings, "changed": _changed(settings, shown, self._now())}

    def _turned(self, shown: Any) -> dict[Newsletter, bool]:
        were_on = shown if isinstance(shown, list) else []
        wishes = {offer.newsletter: self.cleaned_data[f"letter-{offer.newsletter.pk}"] for offer in self.standing.offers}
        return {letter: wish for letter, wish in wishes.items() if wish != (letter.pk in were_on)}


def _changed(settings: dict[str, Any], shown: dict[str, Any], now: dict[str, Any]) -> set[str]:
    empty = {"sub_themes": [], "regions": [], "opens": False, "paused_until": now["paused_until"]}
    given = settings | {name: sorted(topic.pk for topic in settings[name]) for name in ("sub_themes", "regions")}
    given["paused_until"] = given["paused_until"].isoformat() if given["paused_until"] else None
    return {name for name, value in given.items() if value != shown.get(name, empty.get(name))}


def _letter_field(newsletter: Newsletter, *, is_on: bool) -> forms.BooleanField:
    """Beside one that is off stands what is agreed to by turning it on."""
    words = newsletter.description if is_on else consent_words(newsletter, active())[0]
    return forms.BooleanField(label=newsletter.name, help_text=words, required=False)
