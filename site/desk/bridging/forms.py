from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from contacts import bridges
from contacts.models import Bridge
from themes.models import AnyTheme, Goal

LONGEST = 1000


class OfferForm(forms.Form):
    theme = forms.ModelChoiceField(label=_("To the theme"), queryset=AnyTheme.objects.none(), empty_label=None)
    message = forms.CharField(
        label=_("Message to their editors"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why it concerns their readers."),
    )

    def __init__(self, *args: Any, page: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        having = Bridge.objects.open().filter(outreach__item_key=page.translation_key).values_list("theme", flat=True)
        self.themes = {theme.pk for theme in bridges.receivers(page.theme)} - set(having)
        field: Any = self.fields["theme"]
        field.queryset = AnyTheme.objects.filter(pk__in=self.themes).order_by("pk")


class AcceptForm(forms.Form):
    section = forms.ModelChoiceField(label=_("Section that shows it"), queryset=Page.objects.none(), empty_label=None)
    goals = forms.ModelMultipleChoiceField(
        label=_("Goals"),
        queryset=Goal.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which goals of your own communication plan does it serve? Its readers count for them from today."),
    )

    def __init__(self, *args: Any, bridge: Any, sections: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        section: Any = self.fields["section"]
        section.queryset = Page.objects.filter(pk__in=[one.pk for one in sections]).order_by("path")
        goals: Any = self.fields["goals"]
        goals.queryset = Goal.objects.filter(theme=bridge.theme_id)

    def clean_section(self) -> Any:
        return self.cleaned_data["section"].specific


class DeclineForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer to their editors"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why not, or when."),
    )
