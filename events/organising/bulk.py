"""What can be done to a selection of registrations: ticked ones, or all that the list shows as it is narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from events import actions, approving, attendance, refusals
from events.models import EventPage, Letter, Registration
from events.organising import writing
from events.organising.lists import chosen_by
from events.organising.rights import ACT, may, source_of
from events.viewsets import RegistrationFilterSet
from mail import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from base.models import User

DESK = {"events_desk", "events_desk_results"}


class ActOnRegistrations(SnippetBulkAction):
    """For who may change registrations; the managers see to it that nobody reaches another theme's."""

    models = [Registration]
    template_name = "events/act_on_registrations.html"
    # What will become of them, before it does.
    told: Any = ""

    def check_perm(self, registration: Registration) -> bool:
        return may(self.request.user, ACT)

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> list[Registration]:
        rows = Registration.objects.filter(pk__in=[number for number in object_ids if str(number).isdecimal()])
        found = list(rows.select_related("person", "event__theme").order_by("person__last_name", "person__first_name", "pk"))
        if not found:
            raise Http404
        return found

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> list[int]:
        """Of the list that the user came from, narrowed as it was: never all that there are."""
        return list(self.rows_listed().values_list("pk", flat=True))

    def rows_listed(self) -> QuerySet[Registration]:
        address = urlsplit(self.next_url)
        try:
            found = resolve(address.path)
        except Resolver404:
            raise Http404 from None
        if found.url_name in DESK:
            page = EventPage.objects.filter(pk=found.kwargs["pk"]).first()
            if page is None:
                raise Http404
            return chosen_by(source_of(page), address.query)
        rows: QuerySet[Registration] = RegistrationFilterSet(data=QueryDict(address.query), queryset=Registration.objects.all()).qs
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"act": {"name": self.display_name, "told": self.told}}

    def get_execution_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super().get_execution_context()
        return context | {"user": self.request.user}


class MarkAttended(ActOnRegistrations):
    """Only confirmed registrations are marked; others stay as they are."""

    display_name = _("Mark attended")
    aria_label = _("Mark the chosen ones attended")
    action_type = "mark_attended"
    action_priority = 10
    told = _("These people took part. Only confirmed registrations are marked.")

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: User | None = None, **kwargs: object) -> tuple[int, int]:
        return attendance.mark(objects, by=user), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d person marked attended.", "%(number)d people marked attended.", num_parent_objects) % {
            "number": num_parent_objects
        }


class UndoAttendance(ActOnRegistrations):
    display_name = _("Undo attendance")
    aria_label = _("Take back the attendance of the chosen ones")
    action_type = "undo_attendance"
    action_priority = 90
    told = _("These people did not take part after all. Their seats stay confirmed; the attendance no longer counts for the goals.")

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: User | None = None, **kwargs: object) -> tuple[int, int]:
        return attendance.unmark(objects, by=user), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d attendance taken back.", "%(number)d attendances taken back.", num_parent_objects) % {
            "number": num_parent_objects
        }


class ApproveRegistrations(ActOnRegistrations):
    """Applications that wait for the organiser. Those whose address is not confirmed, and those there is no room for, stay as they are."""

    display_name = _("Approve")
    aria_label = _("Approve the chosen applications")
    action_type = "approve"
    action_priority = 30
    told = _(
        "These people get a seat, or a place on the waiting list if there is none. Applications whose address is not confirmed stay as they are."
    )

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: User | None = None, **kwargs: object) -> tuple[int, int]:
        return sum(_is_done(approving.approve_registration, row, user) for row in objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d application approved.", "%(number)d applications approved.", num_parent_objects) % {"number": num_parent_objects}


class RejectRegistrations(ActOnRegistrations):
    """Applications, and who waits or was offered a seat. Whoever has a seat keeps it: that is for cancelling."""

    display_name = _("Say no")
    aria_label = _("Say no to the chosen ones")
    action_type = "reject"
    action_priority = 35
    told = _("These people are told by mail that they could not be accepted. Who has a seat already, or has been told, stays as they are.")
    classes = {"serious"}

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: User | None = None, **kwargs: object) -> tuple[int, int]:
        return _changed(approving.reject_registration, objects, user), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d person was told no.", "%(number)d people were told no.", num_parent_objects) % {"number": num_parent_objects}


class PromoteRegistrations(ActOnRegistrations):
    """Out of turn, as far as there are free seats."""

    display_name = _("Offer a seat")
    aria_label = _("Offer the chosen ones a seat now")
    action_type = "promote"
    action_priority = 40
    told = _("These people are offered a seat before those who have waited longer, as far as there are free seats.")

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: User | None = None, **kwargs: object) -> tuple[int, int]:
        return sum(_is_done(approving.promote_registration, row, user) for row in objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d person was offered a seat.", "%(number)d people were offered a seat.", num_parent_objects) % {
            "number": num_parent_objects
        }


def _changed(act: Callable[..., Registration], rows: Sequence[Registration], user: User | None) -> int:
    before = {row.pk: row.state for row in rows}
    return sum(act(row, by=user).state != before[row.pk] for row in rows)


def _is_done(act: Callable[..., Registration], row: Registration, user: User | None) -> bool:
    try:
        act(row, by=user)
    except (refusals.EventFull, refusals.RegistrationClosed):
        return False
    return True


class CancelRegistrations(ActOnRegistrations):
    """For who rings or writes to say that they cannot come. Those who attended, and those cancelled already, stay as they are."""

    display_name = _("Cancel registrations")
    aria_label = _("Cancel the chosen registrations")
    action_type = "cancel_registrations"
    action_priority = 50
    told = _("Their seats become free. Who had confirmed gets a mail that takes the event out of their calendar.")
    classes = {"serious"}

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: User | None = None, **kwargs: object) -> tuple[int, int]:
        return _changed(actions.cancel_registration, objects, user), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d registration cancelled.", "%(number)d registrations cancelled.", num_parent_objects) % {
            "number": num_parent_objects
        }


class WriteToRegistrants(ActOnRegistrations):
    """Nothing goes before it was looked at: the first button shows the message as one of each language gets it."""

    display_name = _("Write to them")
    aria_label = _("Write to the chosen ones")
    action_type = "write"
    action_priority = 20
    template_name = "events/staff/write.html"
    form_class = writing.LetterForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"readers": letters.readers(self.get_actionable_objects()[0])}

    def form_valid(self, form: Any) -> HttpResponse:
        if "send" not in self.request.POST:
            shown = self.get_context_data(form=form, samples=samples(form, self.get_actionable_objects()[0]))
            looked_at: HttpResponse = self.render_to_response(shown)
            return looked_at
        answer: HttpResponse = super().form_valid(form)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return answer

    def get_execution_context(self) -> dict[str, Any]:
        return super().get_execution_context() | {"form": self.cleaned_form}

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: Any = None, form: Any = None, **kwargs: object) -> tuple[int, int]:
        """Of several events a letter each: the record stands at the event."""
        for event in {row.event for row in objects}:
            rows = [row for row in objects if row.event == event]
            writing.send_letter(event=event, registrations=rows, words=form.words, fallback=form.fallback_language, by=user)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("The message goes to %(number)d person.", "The message goes to %(number)d people.", num_parent_objects) % {
            "number": num_parent_objects
        }


def samples(form: Any, rows: Sequence[Registration]) -> list[dict[str, Any]]:
    """The message as the first reader of each language gets it."""
    letter = Letter(words=form.words, fallback=form.fallback_language)
    firsts = {row.language: row for row in reversed(rows)}
    found = []
    for code in form.readers:
        subject, paragraphs = writing.written(letter, firsts[code])
        found.append({"to": firsts[code].person, "language": writing.language_of(letter, firsts[code]), "subject": subject, "paragraphs": paragraphs})
    return found


ALL = (MarkAttended, WriteToRegistrants, ApproveRegistrations, RejectRegistrations, PromoteRegistrations, CancelRegistrations, UndoAttendance)
