"""The form by which a registrant changes what stands: all that the registration asked, but for who one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.questions import QuestionsForm, questions_of
from base.questions.forms import initial_of
from base.questions.kinds import CONSENT, FILE
from events import choosing
from events.guests import GuestsField, line_of
from events.options import pool_key
from events.timetable import chosen_sessions

if TYPE_CHECKING:
    from base.questions import Question
    from events.models import Answer, EventPage, Registration


class ChangeForm(QuestionsForm):
    """It holds what stands. The way to take part is asked where there are several, guests where groups may come."""

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    needs = forms.CharField(label=gettext_lazy("Diet and accessibility"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, registration: Registration, page: EventPage, **kwargs: Any) -> None:
        self.registration, self.sessions = registration, chosen_sessions(page)
        event, own = registration.event, set(registration.further_pools)
        questions = questions_of(page.questions)
        self.answers = {answer.question: answer for answer in registration.answers.all()}
        full = {place for place in event.full_options if pool_key(*place) not in own}
        super().__init__(*args, questions=questions, full=full, initial=self._standing(questions), **kwargs)
        most = max(event.largest_group, registration.size)
        first = {
            "mode": choosing.mode_field([event]),
            "sessions": choosing.sessions_field(self.sessions, [event]),
            "guests": GuestsField(most=most - 1) if most > 1 else None,
        }
        self.fields |= {name: field for name, field in first.items() if field}
        self.order_fields([*first, *self.fields])
        for question, answer in self._brought():
            field = self.fields[question.field_name]
            field.required = False
            told = _("We have %(name)s. Bring another file only if you want to replace it.") % {"name": answer.value}
            field.help_text = " ".join(filter(None, (str(field.help_text), told)))

    def _standing(self, questions: list[Question]) -> dict[str, Any]:
        row, known = self.registration, [(question, self.answers.get(question.key)) for question in questions]
        answered = [(question, answer.value, answer.options) for question, answer in known if answer and _still_holds(question, answer)]
        return initial_of(answered) | {
            "organisation": row.organisation,
            "needs": row.needs,
            "mode": row.mode,
            "guests": "\n".join(map(line_of, row.guests.all())),
            "sessions": [one.key for one in self.sessions if choosing.pool_of(one.key) in row.further_pools],
        }

    def _brought(self) -> list[tuple[Question, Answer]]:
        """Files that we have: no browser can be told of them, and they stay unless another comes."""
        return [(question, self.answers[question.key]) for question in self.asked() if question.kind == FILE and question.key in self.answers]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if told := choosing.clash_text(self.sessions, cleaned.get("sessions", ())):
            self.add_error("sessions", told)
        return cleaned

    def wish(self) -> dict[str, Any]:
        """As `changing.change_registration` takes it."""
        cleaned = self.cleaned_data
        words = {"organisation": cleaned["organisation"], "needs": cleaned["needs"], "pools": self._pools()}
        kept = {question.key for question, _answer in self._brought() if self.is_met(question) and not cleaned.get(question.field_name)}
        answers = {"answers": self.given(), "asked": [question.key for question in self.asked() if question.key not in kept]}
        return words | answers | {"mode": cleaned.get("mode", self.registration.mode), "guests": cleaned.get("guests", [])}

    def _pools(self) -> dict[str, bool]:
        """Of the sessions and the limited answers that the form shows, which are chosen."""
        chosen = {choosing.pool_of(key) for key in self.cleaned_data.get("sessions", ())}
        chosen |= {pool_key(*place) for answer in self.given() for place in answer.pools}
        shown = {choosing.pool_of(one.key) for one in self.sessions}
        shown |= {pool_key(question.key, option.key) for question in self.asked() for option in question.options if option.capacity is not None}
        return {key: key in chosen for key in shown}


def _still_holds(question: Question, answer: Answer) -> bool:
    """Nobody agreed to words that came later: those are to be ticked anew."""
    return question.kind != CONSENT or question.version == answer.version
