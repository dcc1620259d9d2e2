"""Forms of the staff: an account with its secrets, and a post with its variants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from social import counting
from social.models import Account, Delivery

# By network, the names of what it asks for, whether it is a secret, and whether it may be left out.
ASKED: dict[str, list[tuple[str, Any, bool, bool]]] = {
    "x": [
        ("consumer_key", _("API key"), True, False),
        ("consumer_secret", _("API key secret"), True, False),
        ("access_token", _("Access token"), True, False),
        ("access_token_secret", _("Access token secret"), True, False),
    ],
    "mastodon": [("access_token", _("Access token"), True, False)],
    "bluesky": [("identifier", _("Handle or e-mail address"), False, False), ("password", _("App password"), True, False)],
    "linkedin": [
        ("organisation", _("Number of the organisation's page"), False, False),
        ("access_token", _("Access token"), True, False),
        ("refresh_token", _("Refresh token"), True, True),
        ("client_id", _("Client ID"), False, True),
        ("client_secret", _("Client secret"), True, True),
    ],
}


class AccountForm(WagtailAdminModelForm):
    """Secrets go in and never come out: the fields are empty whatever is kept, and left empty they change nothing."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        network = cleaned.get("network", "")
        given = {name: (cleaned.get(f"{network}_{name}") or "").strip() for name, *_rest in ASKED.get(network, ())}
        if not any(given.values()):
            if network and not self.instance.sealed:
                self.add_error(f"{network}_{ASKED[network][0][0]}", _now("Give the credentials of the account."))
            return cleaned
        for name, _label, _secret, is_optional in ASKED[network]:
            if not given[name] and not is_optional:
                self.add_error(f"{network}_{name}", _now("Credentials are given as a whole: this one is missing."))
        if network == "linkedin" and not given["organisation"].isdecimal():
            self.add_error("linkedin_organisation", _now("Write the number alone, as it stands in the address of the page's administration."))
        self.given = {name: value for name, value in given.items() if value}
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if given := getattr(self, "given", None):
            self.instance.take_credentials(given)
            self.instance.needs_credentials, self.instance.problem, self.instance.held_until = False, "", None
        return super().save(commit)


def _secret(label: Any, is_secret: bool) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"}) if is_secret else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, widget=widget, max_length=500)


SECRET_FIELDS = {f"{network}_{name}": _secret(label, is_secret) for network, fields in ASKED.items() for name, label, is_secret, _optional in fields}
_kind: Any = type(AccountForm)
SecretsForm: Any = _kind("SecretsForm", (AccountForm,), {**SECRET_FIELDS, "__module__": __name__})


class ChoosePageForm(forms.Form):
    """Of which page, and for which accounts."""

    accounts = forms.ModelMultipleChoiceField(label=_("Accounts"), queryset=Account.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, theme: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["accounts"]
        field.queryset = Account.objects.filter(theme=theme, is_active=True)
        self.initial.setdefault("accounts", list(field.queryset))


class MendForm(forms.Form):
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"text": delivery.text}})
        self.delivery = delivery

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        account = self.delivery.account
        rules = counting.rules_of(account.network, account.limits)
        if not counting.fits(rules, f"{text} {self.delivery.short_link}".strip()):
            over = counting.length(rules, f"{text} {self.delivery.short_link}".strip()) - rules.most
            raise ValidationError(_now("The network takes at most %(most)d characters: %(over)d too many.") % {"most": rules.most, "over": over})
        return text


class AddressForm(forms.Form):
    """Where a post in doubt was found."""

    url = forms.URLField(label=_("Address of the post on the network"), max_length=300, assume_scheme="https")
