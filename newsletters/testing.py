"""A test of an issue: the draft to oneself or colleagues, in chosen languages. It is no delivery of the issue, and no click counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from base.models import User
from base.pages import ENDONYMS, web_address
from mail import message, outbox, slots
from newsletters import making
from newsletters.measuring import TEST_STREAM
from newsletters.models import IssuePage
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 5
# In the language of the mail, before its subject.
MARKS = {"fi": "[Testi]", "sv": "[Test]", "en": "[Test]"}

# The addresses that in a real copy are the reader's own.
OWN = re.compile(rf'https?://[^\s"<>]*(?:{slots.UNSUBSCRIBE_TOKEN}|{slots.PREFERENCES_TOKEN})/')


def drafts(issue: IssuePage) -> dict[str, IssuePage]:
    """The newest text of the issue in each language that it was begun in, the source first."""
    found = IssuePage.objects.filter(translation_key=issue.translation_key, alias_of=None).select_related("locale", "latest_revision").order_by("pk")
    return {page.locale.language_code: page.get_latest_revision_as_object() for page in found}


def colleagues() -> Any:
    """Staff with an address, whoever they may be: nobody else gets a test."""
    entry = Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
    may = Q(is_superuser=True) | Q(groups__permissions=entry) | Q(user_permissions=entry)
    return User.objects.filter(may, is_active=True).exclude(email="").distinct().order_by("last_name", "first_name", "username")


class Colleagues(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_full_name() or obj.username}, {obj.email}"


class TestForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Languages"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one language.")}
    )
    to = Colleagues(
        label=_("To whom"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, help_text=_("Yourself and colleagues, five at most."),
        error_messages={"required": _("Choose who gets the test.")},
    )  # fmt: skip

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["languages"]
        field.choices = [(code, ENDONYMS[code]) for code in codes]
        to: Any = self.fields["to"]
        to.queryset = colleagues()

    def clean_to(self) -> Any:
        chosen = self.cleaned_data["to"]
        if len(chosen) > MOST:
            raise forms.ValidationError(_("A test goes to five people at most."))
        return chosen


@transaction.atomic
def send_test(*, issue: IssuePage, to: Sequence[User], languages: Iterable[str], by: User) -> int:
    """One mail a person and language. Returns how many. Raises ValueError where a link has an address that leads nowhere."""
    found = drafts(issue)
    mails = [(code, words_of(found[code])) for code in languages]
    for code, (subject, text, html) in mails:
        for user in to:
            words = message.Message(user.email, subject, text, html, code, from_email=found[code].newsletter.from_email)
            outbox.queue(to=user.email, subject=subject, mime=message.build(words), stream=TEST_STREAM)
    log(issue, "newsletters.send_test", user=by, data={"languages": list(languages), "to": [user.pk for user in to]})
    return len(mails) * len(to)


def words_of(draft: IssuePage) -> tuple[str, str, str]:
    """Subject, text and HTML, with all parts that are for some readers. Links lead straight; those of a subscriber lead to the newsletter's page."""
    with translation.override(draft.locale.language_code):
        newsletter, writer = draft.newsletter, making.written(draft)
        bulk = making.message_of(draft, newsletter, writer)
        letter = web_address(draft.get_parent()) or address_of(newsletter.theme)
        text, html = (_straight(content, letter, writer.links.urls) for content in (bulk.text, bulk.html))
    return f"{MARKS[draft.locale.language_code]} {bulk.subject}", text, html


def _straight(content: str, letter: str, urls: list[str]) -> str:
    return slots.without_slots(OWN.sub(lambda _found: letter, content), urls)
