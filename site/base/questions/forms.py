"""A public form with an editor's questions in it. The server decides what is asked; the script only hides what is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.widgets import ChoiceWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from base.public_forms import AddressField, PublicForm
from base.questions import kinds
from base.questions.files import BroughtFileField, HeldFile, held_name, hold
from base.questions.kinds import CHOICES, CONSENT, FILE, HEADING, SEVERAL, Question, condition_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

TELEPHONE = re.compile(r"\+?[\d\s().-]{5,25}")


@dataclass(frozen=True)
class Given:
    """One answer. `value` is in words; `chosen` are the keys of the options; `file` is what was brought, or held from before."""

    question: Question
    value: str
    chosen: tuple[str, ...] = ()
    file: Any = None

    @property
    def asked(self) -> str:
        """The words of the question as the person saw them: of a consent all of them."""
        question = self.question
        return "\n".join(filter(None, (question.label, question.help_text))) if question.kind == CONSENT else question.label

    @property
    def pools(self) -> list[tuple[str, str]]:
        """(question, option) of the options chosen that only so many can choose."""
        limited = {option.key for option in self.question.options if option.capacity is not None}
        return [(self.question.key, key) for key in self.chosen if key in limited]


class QuestionsForm(PublicForm):
    """`full` are the (question, option) that nobody can choose any more. A question that hangs on an answer counts only with that answer."""

    def __init__(self, *args: Any, questions: Iterable[Question] = (), full: Collection[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {question.key: question for question in questions}
        self.is_limited = False
        for question in self.asked():
            taken = {option for key, option in full if key == question.key}
            self.fields[question.field_name] = make_field(question, taken)

    def asked(self) -> Iterator[Question]:
        return (question for question in self.questions.values() if question.kind != HEADING)

    def _clean_fields(self) -> None:
        unmet = [question for question in self.asked() if not self.is_met(question)]
        for question in unmet:
            self.fields[question.field_name].required = False
        super()._clean_fields()  # type: ignore[misc]  # Django's own name for it
        for question in unmet:
            self.fields[question.field_name].required = question.is_required
            self.cleaned_data.pop(question.field_name, None)
            self.errors.pop(question.field_name, None)

    def is_met(self, question: Question) -> bool:
        condition = question.condition
        if condition is None:
            return True
        above = self.questions[condition.question]
        answer = self.fields[above.field_name].widget.value_from_datadict(self.data, self.files, self.add_prefix(above.field_name))
        return condition.option in (answer if isinstance(answer, list) else [answer]) and self.is_met(above)

    def limit(self) -> None:
        self.is_limited = True
        super().limit()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own name for it
        if self.errors and not self.is_limited and not self.data.get("website"):
            self.hold_files()

    def hold_files(self) -> None:
        """A browser cannot be told again which file was chosen."""
        for question in self.asked():
            file = self.cleaned_data.get(question.field_name) if question.kind == FILE else None
            if file is not None and not isinstance(file, HeldFile):
                self.data[held_name(question.field_name)] = hold(file)  # type: ignore[index]  # PublicForm has made a copy that can be changed

    def given(self) -> list[Given]:
        """The answers of a valid form, without those that were left empty."""
        found = (_given(question, self.cleaned_data.get(question.field_name)) for question in self.asked())
        return [answer for answer in found if answer]

    def parts(self) -> Iterator[dict[str, Any]]:
        """As `base/form.html` shows them: a field, a heading, or fields that hang on one answer."""
        names = {question.field_name for question in self.asked()}
        for field in self.visible_fields():
            if field.name not in names and field.name not in self.folded:
                yield {"field": field}
        for condition, questions in groupby(self.questions.values(), key=lambda question: question.condition):
            if condition is None:
                yield from (self._part(question) for question in questions)
            else:
                fields = [self[question.field_name] for question in questions]
                above = kinds.field_name(condition.question)
                yield {"only_if": condition_text(condition), "above": above, "option": condition.option, "fields": fields}

    def _part(self, question: Question) -> dict[str, Any]:
        return {"heading": question.label, "text": question.help_text} if question.kind == HEADING else {"field": self[question.field_name]}


def initial_of(answers: Iterable[tuple[Question, str, list[str]]]) -> dict[str, Any]:
    """What a form begins with when somebody changes what they answered: (question, value, chosen) of each. Files are brought anew."""
    found: dict[str, Any] = {}
    for question, value, chosen in answers:
        if question.kind == SEVERAL:
            found[question.field_name] = chosen
        elif question.kind in CHOICES:
            found[question.field_name] = chosen[0] if chosen else ""
        elif question.kind == CONSENT:
            found[question.field_name] = True
        elif question.kind != FILE:
            found[question.field_name] = value
    return found


def _given(question: Question, cleaned: Any) -> Given | None:
    if not cleaned:
        return None
    if question.kind in CHOICES:
        chosen = tuple(cleaned) if isinstance(cleaned, list) else (cleaned,)
        return Given(question, "; ".join(question.text_of(key) for key in chosen), chosen)
    if question.kind == CONSENT:
        return Given(question, pgettext("answer", "Yes"))
    if question.kind == FILE:
        return Given(question, str(cleaned.name), file=cleaned.file if isinstance(cleaned, HeldFile) else cleaned)
    return Given(question, cleaned)


class _WithoutTaken(ChoiceWidget):
    """A choice that nobody can choose any more stays in the list, and says so."""

    taken: Collection[str] = ()

    def create_option(self, name: str, value: Any, label: Any, selected: Any, index: int, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, selected, index, *args, **kwargs)
        if str(value) in self.taken:
            option["attrs"]["disabled"] = True
            option["label"] = _("{answer} (no places left)").format(answer=label)
        return option


class OneInput(_WithoutTaken, forms.RadioSelect):
    pass


class SeveralInput(_WithoutTaken, forms.CheckboxSelectMultiple):
    pass


class TelephoneField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "tel", "inputmode": "tel"}
        super().__init__(**{"max_length": 30, "widget": forms.TextInput(attrs=attributes | {"type": "tel"}), **kwargs})

    def clean(self, value: Any) -> str:
        cleaned: str = super().clean(value)
        if cleaned and not TELEPHONE.fullmatch(cleaned):
            raise forms.ValidationError(gettext_lazy("Write the number with digits, such as 040 123 4567 or +358 40 123 4567."))
        return cleaned


def make_field(question: Question, taken: Collection[str] = ()) -> forms.Field:
    words: dict[str, Any] = {"label": question.label, "help_text": _help(question), "required": question.is_required}
    if question.kind in CHOICES:
        several = question.kind == SEVERAL
        widget = SeveralInput() if several else OneInput()
        widget.taken = taken
        choices = [(option.key, option.text) for option in question.options]
        return (forms.MultipleChoiceField if several else forms.ChoiceField)(choices=choices, widget=widget, **words)
    field: forms.Field = MAKERS[question.kind](words)
    return field


def _help(question: Question) -> str:
    """With how long a sensitive answer is kept: who answers should know before they do."""
    kept = ""
    if question.is_sensitive:
        kept = _("We delete the answer {days} days after the event.").format(days=question.kept_days)
    elif question.kind == FILE:
        kept = _("A document or a picture of at most 4 MB.")
    return " ".join(filter(None, (question.help_text, kept)))


MAKERS: dict[str, Any] = {
    "short": lambda words: forms.CharField(max_length=300, **words),
    "long": lambda words: forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), **words),
    "email": lambda words: AddressField(**words),
    "phone": lambda words: TelephoneField(**words),
    "consent": lambda words: forms.BooleanField(**words),
    "file": lambda words: BroughtFileField(**words),
}
