"""Messages to some of those who registered: each in their language, with what is theirs filled in, once, and on record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from base.languages import CODES
from base.pages import ENDONYMS
from base.tasks import enqueue
from events import links, words
from events.mails import STREAM
from events.models import Letter, Registration, page_in
from mail import outbox
from mail.models import Delivery
from themes.mails import mail_look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from base.models import User
    from events.models import Event

PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")
# What one can put in a message. What people said of their needs is not among it: mails are kept longer than that may be.
FILLED: dict[str, Callable[[Registration], str]] = {
    "first_name": lambda row: row.person.first_name,
    "last_name": lambda row: row.person.last_name,
    "event": lambda row: page_in(row.language, row.event).title,
    "when": lambda row: words.when_text(row.event),
    "where": lambda row: words.where_text(row.event, page_in(row.language, row.event)),
    "cancel_link": lambda row: links.registration_url(row, to="cancel"),
}


def fill(text: str, registration: Registration) -> str:
    """In one pass: what is filled in is never looked at again, so nobody's name can fetch another's data."""
    return PLACEHOLDER.sub(lambda found: FILLED[found[1]](registration) if found[1] in FILLED else found[0], text)


def unknown_placeholders(text: str) -> list[str]:
    return sorted({found for found in PLACEHOLDER.findall(text) if found not in FILLED})


def check_placeholders(text: str) -> None:
    if unknown := unknown_placeholders(text):
        known = ", ".join(f"{{{name}}}" for name in FILLED)
        wrong = ", ".join(f"{{{name}}}" for name in unknown)
        raise forms.ValidationError(_("%(wrong)s is not known. These are: %(known)s.") % {"wrong": wrong, "known": known})


class LetterForm(forms.Form):
    """A subject and a text for each language that somebody of the selection reads. A language may be left out if it is said which they get."""

    fallback = forms.ChoiceField(
        label=gettext_lazy("Who reads a language without a text gets"),
        choices=[("", gettext_lazy("Nobody is left out: every language has its text")), *((code, ENDONYMS[code]) for code in CODES)],
        required=False,
    )

    def __init__(self, *args: Any, readers: dict[str, int], **kwargs: Any) -> None:
        """`readers`: how many of the selection read each language."""
        super().__init__(*args, **kwargs)
        self.readers = {code: readers[code] for code in CODES if readers.get(code)}
        for code, number in self.readers.items():
            self.fields[f"subject_{code}"] = forms.CharField(
                label=_("Subject, {language} ({number})").format(language=ENDONYMS[code], number=number), max_length=150, required=False
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text, {language}").format(language=ENDONYMS[code]),
                max_length=10_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 8}),
                help_text=_("These are filled in for each: {known}").format(known=", ".join(f"{{{name}}}" for name in FILLED)),
            )
        if len(self.readers) == 1:
            del self.fields["fallback"]
        self.order_fields([name for name in self.fields if name != "fallback"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in self.readers:
            for name in (f"subject_{code}", f"text_{code}"):
                try:
                    check_placeholders(cleaned.get(name, ""))
                except forms.ValidationError as wrong:
                    self.add_error(name, wrong)
        self._check_languages(cleaned)
        return cleaned

    def _check_languages(self, cleaned: dict[str, Any]) -> None:
        """Each language whole, or whole by the one that its readers get instead."""
        fallback = cleaned.get("fallback", "")
        if fallback and not self._is_whole(cleaned, fallback):
            self.add_error("fallback", _("Write the message in this language first."))
        for code, number in self.readers.items():
            for name in (f"subject_{code}", f"text_{code}"):
                is_begun = bool(cleaned.get(f"subject_{code}") or cleaned.get(f"text_{code}"))
                if not cleaned.get(name) and name not in self.errors and (is_begun or not fallback):
                    self.add_error(name, _("{number} of them read this language.").format(number=number))

    def _is_whole(self, cleaned: dict[str, Any], code: str) -> bool:
        return bool(cleaned.get(f"subject_{code}") and cleaned.get(f"text_{code}"))

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """Of a valid form, as `Letter.words` has them."""
        whole = [code for code in self.readers if self._is_whole(self.cleaned_data, code)]
        return {code: {"subject": self.cleaned_data[f"subject_{code}"], "text": self.cleaned_data[f"text_{code}"]} for code in whole}

    @property
    def fallback_language(self) -> str:
        return self.cleaned_data.get("fallback") or next(iter(self.words))


def readers(registrations: Iterable[Registration]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in registrations:
        found[row.language] = found.get(row.language, 0) + 1
    return found


@transaction.atomic
def send_letter(*, event: Event, registrations: Sequence[Registration], words: dict[str, Any], fallback: str, by: User) -> Letter:
    """Keeps what goes to whom; the worker puts the copies into the outbox, each once however often it begins again."""
    letter = Letter.objects.create(event=event, words=words, fallback=fallback, number=len(registrations), by=by)
    letter.registrations.set(registrations)
    log(event, "wagtail.edit", user=by, data={"letter": letter.pk})
    enqueue("events.organising.writing.send_copies", letter.pk)
    return letter


def send_copies(letter_id: int) -> None:
    """In the worker. Bears a repeat."""
    letter = Letter.objects.get(pk=letter_id)
    for registration in letter.registrations.select_related("person", "event__theme"):
        send_copy(letter, registration)


def send_copy(letter: Letter, registration: Registration) -> Delivery:
    subject, paragraphs = written(letter, registration)
    language = language_of(letter, registration)
    return outbox.send_single(
        to=registration.person.email,
        subject=subject,
        language=language,
        heading=subject,
        paragraphs=paragraphs,
        stream=STREAM,
        key=copy_key(letter, registration),
        recipient_key=registration.person.key,
        headers={"Reply-To": settings.DEFAULT_FROM_EMAIL},
        look=mail_look(registration.event.theme),
    )


def language_of(letter: Letter, registration: Registration) -> str:
    return registration.language if registration.language in letter.words else letter.fallback


def written(letter: Letter, registration: Registration) -> tuple[str, list[str]]:
    """The subject and the paragraphs that this person gets."""
    with translation.override(language_of(letter, registration)):
        said = letter.words_in(registration.language)
        text = fill(said["text"], registration)
        return " ".join(fill(said["subject"], registration).split()), [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def copy_key(letter: Letter, registration: Registration) -> str:
    return f"events.letter:{letter.pk}:{registration.pk}"


def states(letter: Letter) -> dict[str, int]:
    """How many copies are in which state. One query."""
    rows = Delivery.objects.filter(key__startswith=f"events.letter:{letter.pk}:").order_by()
    found: dict[str, int] = {}
    for state in rows.values_list("state", flat=True):
        label = str(Delivery.State(state).label)
        found[label] = found.get(label, 0) + 1
    return found
