"""Contacts who look alike, side by side; merging them, and undoing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from base import values
from base.staff import staff_of
from contacts.details import url_of
from contacts.duplicates import pairs
from contacts.merging import actions
from contacts.models import Merge, Pair
from contacts.screens import Screen
from themes.models import Theme

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

ON_A_PAGE = 50


class _View(Screen):
    header_icon = "copy"
    permission = "contacts.change_pair"


class PairsView(_View):
    template_name = "contacts/staff/pairs.html"
    page_title = gettext_lazy("Possible duplicates")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Looks for them anew: minutes in a large register, so the worker does it."""
        for theme in Theme.objects.all():
            pairs.find_soon(theme)
        messages.success(request, _("Duplicates are being looked for. Those that are found stand here in a few minutes."))
        return redirect("contacts_pairs")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Pair.objects.waiting().select_related("person", "other_person", "organisation", "other_organisation")
        page = Paginator(waiting, ON_A_PAGE).get_page(self.request.GET.get("p"))
        rows = [{"pair": pair, "names": [str(contact) for contact in pair.both], "percent": round(100 * pair.score)} for pair in page]
        return super().get_context_data(**kwargs) | {"rows": rows, "page_of_pairs": page}


class ChoiceForm(forms.Form):
    """For each field that differs, whose it is: "left" or "right"."""

    def __init__(self, *args: Any, both: tuple[Any, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in actions.fields_of(type(both[0])):
            texts = [_text(contact, name) for contact in both]
            if texts[0] != texts[1]:
                choices = [(side, text or _("(empty)")) for side, text in zip(("left", "right"), texts, strict=True)]
                # Where one of the two says nothing, the other does.
                first = "left" if texts[0] else "right"
                label = capfirst(both[0]._meta.get_field(name).verbose_name)
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, initial=first, widget=forms.RadioSelect)


def _text(contact: Any, name: str) -> str:
    shown = getattr(contact, f"get_{name}_display", None)
    return values.in_words(shown() if shown else getattr(contact, name))


class PairView(_View):
    template_name = "contacts/staff/pair.html"
    page_title = gettext_lazy("Are the two the same?")
    above = (("contacts_pairs", gettext_lazy("Possible duplicates")),)
    pair: Pair

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        related = ("person", "other_person", "organisation", "other_organisation")
        found = Pair.objects.select_related(*related).filter(pk=kwargs["pk"]).first()
        if found is None and request.user.has_perm("contacts.change_pair"):
            messages.warning(request, _("This pair is gone: somebody has merged or deleted one of the two."))
            return redirect("contacts_pairs")
        if found is not None:
            self.pair = found
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **_where: Any) -> HttpResponse:
        pair = self.pair
        decision = request.POST.get("decision", "")
        if decision in (Pair.Decision.LATER, Pair.Decision.DIFFERENT):
            pairs.decide(pair, Pair.Decision(decision), by=staff_of(request))
            return self._on(pair)
        form = ChoiceForm(request.POST, both=pair.both)
        if form.is_valid():
            left, right = pair.both
            take = [name for name, side in form.cleaned_data.items() if side == "right"]
            try:
                actions.merge(winner=left, loser=right, take=take, by=staff_of(request))
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("The two are one. It can be undone under “Merged contacts”."))
                return self._on(pair)
        return self.answer(422, form=form)

    def _on(self, pair: Pair) -> HttpResponse:
        following = pairs.next_waiting(besides=pair.pk)
        return redirect("contacts_pair", following.pk) if following else redirect("contacts_pairs")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pair = self.pair
        both = [{"contact": contact, "url": url_of(contact)} for contact in pair.both]
        form = kwargs.pop("form", None) or ChoiceForm(both=pair.both)
        percent = round(100 * pair.score)
        return super().get_context_data(**kwargs) | {"pair": pair, "both": both, "form": form, "percent": percent}


class MergesView(_View):
    template_name = "contacts/staff/merges.html"
    page_title = gettext_lazy("Merged contacts")
    above = (("contacts_pairs", gettext_lazy("Possible duplicates")),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        merges = Merge.objects.select_related("person", "organisation", "by", "undone_by").defer("steps")
        page = Paginator(merges, ON_A_PAGE).get_page(self.request.GET.get("p"))
        rows = [{"merge": merge, "kept": merge.kept, "url": url_of(merge.kept), "who": _who(merge)} for merge in page]
        return super().get_context_data(**kwargs) | {"rows": rows, "page_of_merges": page}


def _who(merge: Merge) -> str:
    return merge.by.get_full_name() or merge.by.username if merge.by else ""


class UndoView(_View):
    """Asks first: what an undo does stands beside the button."""

    template_name = "contacts/staff/undo_merge.html"
    page_title = gettext_lazy("Undo a merge")
    above = (("contacts_pairs", gettext_lazy("Possible duplicates")), ("contacts_merges", gettext_lazy("Merged contacts")))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        merge = get_object_or_404(Merge, pk=pk)
        try:
            found = actions.undo(merge, by=staff_of(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("contacts_merges")
        told = _("“%(name)s” is a contact of their own again.") % {"name": merge.gone}
        if found.kept:
            told += " " + ngettext(
                "%(number)d row was edited since and keeps that.", "%(number)d rows were edited since and keep that.", found.kept
            ) % {"number": found.kept}
        messages.success(request, told)
        return redirect("contacts_merges")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"merge": get_object_or_404(Merge, pk=self.kwargs["pk"])}
