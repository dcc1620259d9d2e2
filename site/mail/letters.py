"""A message that staff write to a selection: a form with a text for each language that is read, and what is filled in for each reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.languages import CODES
from base.pages import ENDONYMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")


def fill(text: str, row: Any, filled: Mapping[str, Callable[[Any], str]]) -> str:
    """In one pass: what is filled in is never looked at again, so nobody's name can fetch another's data."""
    return PLACEHOLDER.sub(lambda found: filled[found[1]](row) if found[1] in filled else found[0], text)


def paragraphs_of(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def readers(rows: Iterable[Any]) -> dict[str, int]:
    """How many of the rows read each language."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.language] = found.get(row.language, 0) + 1
    return found


class LetterForm(forms.Form):
    """A subject and a text for each language that somebody of the selection reads. A language may be left out if it is said which they get."""

    # What may be filled in, by name.
    filled: ClassVar[Mapping[str, Callable[[Any], str]]] = {}

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
                help_text=_("These are filled in for each: {known}").format(known=self._known()),
            )
        if len(self.readers) == 1:
            del self.fields["fallback"]
        self.order_fields([name for name in self.fields if name != "fallback"])

    def _known(self) -> str:
        return ", ".join(f"{{{name}}}" for name in self.filled)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in self.readers:
            for name in (f"subject_{code}", f"text_{code}"):
                try:
                    self._check_placeholders(cleaned.get(name, ""))
                except forms.ValidationError as wrong:
                    self.add_error(name, wrong)
        self._check_languages(cleaned)
        return cleaned

    def _check_placeholders(self, text: str) -> None:
        if unknown := sorted({found for found in PLACEHOLDER.findall(text) if found not in self.filled}):
            wrong = ", ".join(f"{{{name}}}" for name in unknown)
            raise forms.ValidationError(_("%(wrong)s is not known. These are: %(known)s.") % {"wrong": wrong, "known": self._known()})

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
        """Of a valid form: subject and text by language."""
        whole = [code for code in self.readers if self._is_whole(self.cleaned_data, code)]
        return {code: {"subject": self.cleaned_data[f"subject_{code}"], "text": self.cleaned_data[f"text_{code}"]} for code in whole}

    @property
    def fallback_language(self) -> str:
        return self.cleaned_data.get("fallback") or next(iter(self.words))
