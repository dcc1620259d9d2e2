"""The public forms: subscribing, and choosing the language."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from base.languages import active
from base.pages import ENDONYMS
from base.public_forms import AddressField, PublicForm
from newsletters.models import Newsletter
from newsletters.subscriptions import consent_words
from themes.models import Region, SubTheme, TargetGroup


def topics_field(model: Any, label: Any) -> forms.ModelMultipleChoiceField[Any]:
    hint = _("Without a choice you get everything.")
    return forms.ModelMultipleChoiceField(model.objects.none(), label=label, help_text=hint, widget=CheckboxSelectMultiple, required=False)


class SubscribeForm(PublicForm):
    """Carries the newsletter's consent text beside the box that must be ticked."""

    email = AddressField()
    first_name = forms.CharField(label=_("First name"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    language = forms.ChoiceField(label=_("Language of the newsletter"), choices=list(ENDONYMS.items()))
    region = forms.ModelChoiceField(Region.objects.all(), label=_("Region"), required=False)
    target_group = forms.ModelChoiceField(TargetGroup.objects.none(), label=_("Target group"), required=False)
    sub_themes = topics_field(SubTheme, _("Sub-themes that interest you"))
    regions = topics_field(Region, _("Regions that interest you"))
    consent = forms.BooleanField(label=_("I want the newsletter"), error_messages={"required": _("Tick the box, so that we may write to you.")})

    field_order = ("email", "language", "consent", "sub_themes", "regions", "first_name", "last_name", "region", "target_group")
    folded: tuple[str, ...] = ("sub_themes", "regions", "first_name", "last_name", "region", "target_group")
    folded_label = _("Topics, and about you (optional)")

    def __init__(self, *args: Any, newsletter: Newsletter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = active()
        target_group = cast("forms.ModelChoiceField[TargetGroup]", self.fields["target_group"])
        target_group.queryset = TargetGroup.objects.filter(theme=newsletter.theme_id, scope=newsletter.scope)
        cast("Any", self.fields["sub_themes"]).queryset = SubTheme.objects.filter(theme=newsletter.theme_id).order_by("pk")
        cast("Any", self.fields["regions"]).queryset = Region.objects.all()
        self.fields["consent"].help_text = consent_words(newsletter, active())[0]

    def answers(self) -> dict[str, Any]:
        """As `ask_subscription` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"website", "token", "consent"}}


class ShortSubscribeForm(SubscribeForm):
    """On another page: the address and the consent. The language is the page's; the newsletter's own page asks for more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.folded:
            del self.fields[name]
        self.folded = ()
        self.fields["language"].widget = forms.HiddenInput()


class LinkForm(PublicForm):
    email = AddressField()
