"""What can be done to a selection of people or organisations: ticked ones, or all that the list shows as it is narrowed, by a segment too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from base.staff import staff_of
from contacts import letters, search
from contacts.models import Letter, Membership, Network, Organisation, Person, Tag
from contacts.quick_log.forms import WhatForm, presets, trouble_with
from contacts.viewsets.filters import NetworkFilterSet, OrganisationFilterSet, PersonFilterSet
from mail.letters import readers
from themes.models import Goal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

FILTERS: dict[Any, Any] = {Person: PersonFilterSet, Organisation: OrganisationFilterSet, Network: NetworkFilterSet}
BATCH, NAMED = 500, 20


class ActOnContacts(SnippetBulkAction):
    """A fixed number of queries, whatever is selected."""

    models = [Person, Organisation]
    template_name = "contacts/staff/act_on_contacts.html"
    permission = ""
    # What will become of them, before it does.
    told: Any = ""

    def check_perm(self, row: Any) -> bool:
        return bool(self.request.user.has_perm(self.permission or f"contacts.change_{self.model._meta.model_name}"))

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> list[Any]:
        numbers = [number for number in object_ids if str(number).isdecimal() and len(str(number)) < 19]
        found = list(model.objects.filter(pk__in=numbers).select_related("theme").order_by(*model.by_name))
        if not found:
            raise Http404
        return found

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> list[int]:
        """Of the list that the user came from, narrowed and searched as it was: never all that there are."""
        asked = self.narrowed_by()
        rows = FILTERS[self.model](data=asked, queryset=self.model.objects.all()).qs
        if typed := asked.get("q", "").strip():
            rows = rows.filter(named(typed)) if self.model is Network else search.matching(rows, typed)
        return list(rows.order_by().values_list("pk", flat=True))

    def narrowed_by(self) -> QueryDict:
        """What the list that the user came from was asked."""
        return QueryDict(urlsplit(self.next_url).query)

    def goals_asked(self) -> list[int]:
        """The goal, where it is the list of those whom it did not reach."""
        asked = self.narrowed_by().get("not_reached", "")
        return [int(asked)] if asked.isascii() and asked.isdecimal() else []

    def object_context(self, row: Any) -> dict[str, Any]:
        return {"item": row}

    def selected(self) -> list[Any]:
        if not hasattr(self, "_selected"):
            self._selected: list[Any] = self.get_actionable_objects()[0]
        return self._selected

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        named = [str(entry["item"]) for entry in context["items"][:NAMED]]
        act = {"name": self.display_name, "told": self.told, "named": named, "others": max(0, len(context["items"]) - NAMED)}
        return context | {"act": act}

    def get_execution_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super().get_execution_context()
        return context | {"form": self.cleaned_form, "user": staff_of(self.request)}

    def prepare_action(self, objects: Sequence[Any], objects_without_access: Any) -> None:
        if not objects:
            raise PermissionDenied

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return answer

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        told = ngettext("%(act)s: %(number)d contact changed.", "%(act)s: %(number)d contacts changed.", num_parent_objects)
        return told % {"act": self.display_name, "number": num_parent_objects}


def named(typed: str) -> Q:
    """Networks are searched by their names, as Wagtail's list does."""
    return Q(name_fi__icontains=typed) | Q(name_sv__icontains=typed) | Q(name_en__icontains=typed)


class TagForm(forms.Form):
    tag = forms.ModelChoiceField(Tag.objects.order_by("name"), label=gettext_lazy("Tag"), required=False)
    new = forms.CharField(label=gettext_lazy("Or a new tag"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if bool(said.get("tag")) == bool(said.get("new", "").strip()) and not self.errors:
            self.add_error("tag", _("Choose a tag or write a new one, one of the two."))
        return said


class AddTag(ActOnContacts):
    display_name = gettext_lazy("Add a tag")
    aria_label = gettext_lazy("Add a tag to the chosen ones")
    action_type = "add_tag"
    action_priority = 20
    form_class = TagForm
    told = gettext_lazy("They get the tag; who has it keeps it.")

    @classmethod
    def execute_action(cls, objects: Sequence[Any], form: Any = None, **kwargs: object) -> tuple[int, int]:
        """A new tag is made in each theme of the selection; a chosen one goes to those of its own."""
        through, name = type(objects[0]).tags.through, objects[0]._meta.model_name
        rows = []
        for theme in {row.theme_id for row in objects}:
            tag = form.cleaned_data["tag"] or _tag(theme, form.cleaned_data["new"].strip())
            rows += [through(**{f"{name}_id": row.pk, "tag_id": tag.pk}) for row in objects if row.theme_id == theme == tag.theme_id]
        had = through.objects.filter(**{f"{name}__in": [row.pk for row in objects]}).count()
        through.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        return through.objects.filter(**{f"{name}__in": [row.pk for row in objects]}).count() - had, 0


def _tag(theme: int, name: str) -> Tag:
    # SQLite takes Ä and ä for different letters, whatever the case.
    same = (tag for tag in Tag.objects.filter(theme=theme) if tag.name.casefold() == name.casefold())
    return next(same, None) or Tag.objects.create(theme_id=theme, name=name)


class NetworkForm(forms.Form):
    network = forms.ModelChoiceField(Network.objects.order_by("name_fi"), label=gettext_lazy("Network"))
    part = forms.ChoiceField(label=gettext_lazy("Part"), choices=Membership.Part.choices, initial=Membership.Part.MEMBER)


class AddToNetwork(ActOnContacts):
    display_name = gettext_lazy("Add to a network")
    aria_label = gettext_lazy("Make the chosen ones members of a network")
    action_type = "add_to_network"
    action_priority = 30
    form_class = NetworkForm
    told = gettext_lazy("They become members from today; who is a member already stays as they are.")

    def check_perm(self, row: Any) -> bool:
        return bool(self.request.user.has_perm("contacts.change_network"))

    @classmethod
    def execute_action(cls, objects: Sequence[Any], form: Any = None, **kwargs: object) -> tuple[int, int]:
        network, part, name = form.cleaned_data["network"], form.cleaned_data["part"], objects[0]._meta.model_name
        # An organisation is a member by itself, not by a person who speaks for it.
        today = Membership.objects.current().filter(network=network, **({"person": None} if name == "organisation" else {}))
        known = set(today.values_list(name, flat=True))
        new = [row for row in objects if row.pk not in known and row.theme_id == network.theme_id]
        rows = [Membership(network=network, part=part, starts=timezone.localdate(), **{name: row}) for row in new]
        Membership.objects.bulk_create(rows, batch_size=BATCH)
        return len(rows), 0


class LogWithPeople(ActOnContacts):
    """A meeting or a call with all of them."""

    models = [Person]
    display_name = gettext_lazy("Log a meeting or a call")
    aria_label = gettext_lazy("Log a meeting or a call with the chosen ones")
    action_type = "log_meeting"
    action_priority = 10
    permission = "contacts.add_touch"
    form_class = WhatForm
    told = gettext_lazy("Each of them is touched by it.")

    def get_initial(self) -> dict[str, Any]:
        return presets(staff_of(self.request), self.goals_asked())

    def form_valid(self, form: Any) -> HttpResponse:
        people = self.selected()
        if problem := trouble_with(people) if people else "":
            form.add_error(None, problem)
            return self.form_invalid(form)
        if not people:
            raise Http404
        return redirect("contacts_logged", form.log(people, by=staff_of(self.request)).pk)


class WriteForm(letters.LetterForm):
    goals = forms.ModelMultipleChoiceField(
        Goal.objects.order_by("scope", "pk"), label=gettext_lazy("Goals"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without a goal it shows as unplanned work."),
    )  # fmt: skip


class WriteToPeople(ActOnContacts):
    """Nothing goes before it was looked at: the first button shows the message as one of each language gets it."""

    models = [Person]
    display_name = gettext_lazy("Write to them")
    aria_label = gettext_lazy("Write to the chosen ones")
    action_type = "write"
    action_priority = 15
    permission = "contacts.add_letter"
    template_name = "contacts/staff/write.html"
    form_class = WriteForm

    def addressed(self) -> letters.Addressed:
        if not hasattr(self, "_addressed"):
            self._addressed = letters.addressed(self.selected())
        return self._addressed

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"readers": readers(self.addressed().people)}

    def get_initial(self) -> dict[str, Any]:
        return {"goals": self.goals_asked()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.addressed()
        return super().get_context_data(**kwargs) | {"number": len(found.people), "left_out": found.left_out}

    def form_valid(self, form: Any) -> HttpResponse:
        people = self.addressed().people
        if not people:
            raise Http404
        if len({person.theme_id for person in people}) > 1:
            form.add_error(None, _("They are contacts of different national themes: write to those of each theme."))
            return self.form_invalid(form)
        if "send" not in self.request.POST:
            looked_at: HttpResponse = self.render_to_response(self.get_context_data(form=form, samples=samples(form, people)))
            return looked_at
        goals, by = form.cleaned_data["goals"], staff_of(self.request)
        letter = letters.send_letter(people=people, words=form.words, fallback=form.fallback_language, goals=goals, by=by)
        return redirect("desk:outreach", letter.outreach_id)


def samples(form: Any, people: Sequence[Person]) -> list[dict[str, Any]]:
    """The message as the first reader of each language gets it."""
    letter = Letter(words=form.words, fallback=form.fallback_language)
    firsts = {person.language: person for person in reversed(people)}
    found = []
    for code in form.readers:
        language, subject, paragraphs = letters.written(letter, firsts[code])
        found.append({"to": firsts[code], "language": language, "subject": subject, "paragraphs": paragraphs})
    return found


ALL = (LogWithPeople, WriteToPeople, AddTag, AddToNetwork)
