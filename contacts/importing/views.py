"""The screens of an import of contacts: the file; its columns and what would come, to be mended and decided on; what came; all imports; the undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from base.importing import left_out
from base.spreadsheets import Unreadable
from base.staff import staff_of
from contacts import purposes
from contacts.importing import actions, columns, forms, looking, reading, showing, undoing
from contacts.importing.matching import ANOTHER
from contacts.models import ContactImport, Purpose
from contacts.screens import Permitted, Screen

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

ON_A_PAGE, KEPT_SHOWN = 50, 100
MAY_BRING = "contacts.add_person"
ABOVE = ("contacts_imports", gettext_lazy("Imports of contacts"))


class _Screen(Screen):
    header_icon = "download"
    permission = MAY_BRING
    above: tuple[tuple[str, Any], ...] = (ABOVE,)


class ImportsView(_Screen):
    template_name = "contacts/staff/imports/list.html"
    page_title = gettext_lazy("Imports of contacts")
    above = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ContactImport.objects.select_related("by").defer("content", "looked", "mended", "choices", "heading")
        page = Paginator(rows, ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {"rows": list(page), "page_of_imports": page}


class StartView(_Screen):
    template_name = "contacts/staff/imports/start.html"
    page_title = gettext_lazy("Bring contacts")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(422, form=form)
        bringing = form.save(commit=False)
        bringing.by = staff_of(request)
        forms.remember_columns(bringing)
        bringing.save()
        if columns.names_people(bringing.columns):
            looking.start(bringing)
        return redirect("contacts_import", pk=bringing.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "form": forms.FileForm(initial={"purpose": Purpose.objects.filter(key=purposes.COOPERATION, is_active=True).first()})
        } | super().get_context_data(**kwargs)


class ImportView(_Screen):
    """A GET shows where the import is. Of the POSTs `look` looks anew, `bring` asks the worker, and `forget` deletes the file."""

    bringing: ContactImport

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.has_perm(MAY_BRING):
            self.bringing = get_object_or_404(ContactImport.objects.select_related("by", "theme"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return ": ".join([_("Bring contacts"), self.bringing.file_name])

    def get_template_names(self) -> list[str]:
        bringing = self.bringing
        is_looked_at = bringing.is_waiting and self._look_goes_on()
        name = "progress" if bringing.is_on_its_way or bringing.is_going_back or is_looked_at else "look" if bringing.is_waiting else "done"
        return [f"contacts/staff/imports/{name}.html"]

    def _look_goes_on(self) -> bool:
        looked = self.bringing.looked
        return bool(looked and not {"counts", "unreadable"} & looked.keys())

    def post(self, request: HttpRequest, **_where: Any) -> HttpResponse:
        bringing = self.bringing
        if not bringing.is_waiting or self._look_goes_on():
            return redirect("contacts_import", pk=bringing.pk)
        if "forget" in request.POST:
            bringing.delete()
            messages.success(request, _("The file is deleted, and nothing came of it."))
            return redirect("contacts_imports")
        form = forms.ColumnsForm(request.POST, heading=bringing.heading, columns=bringing.columns)
        before = (bringing.columns, bringing.mended)
        bringing.mended, bringing.choices = forms.mended_in(bringing, request.POST), forms.choices_in(bringing, request.POST)
        bringing.keeps_duplicates = request.POST.get("rest") == ANOTHER
        is_valid = form.is_valid()
        if is_valid:
            bringing.columns = form.columns()
        bringing.save(update_fields=["columns", "mended", "choices", "keeps_duplicates"])
        if not is_valid:
            return self.answer(422, form=form)
        is_seen = before == (bringing.columns, bringing.mended) and "counts" in (bringing.looked or {})
        if "bring" in request.POST and is_seen:
            actions.ask(bringing, by=staff_of(request))
        else:
            looking.start(bringing)
            if "bring" in request.POST:
                messages.warning(request, _("Nothing has come yet: look at what has changed, then bring it."))
        return redirect("contacts_import", pk=bringing.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bringing = self.bringing
        context = super().get_context_data(**kwargs) | {"bringing": bringing}
        if bringing.is_going_back:
            return context | {"done": bringing.removed, "whole": bringing.created, "is_undo": True}
        if bringing.is_on_its_way:
            return context | {"done": bringing.done, "whole": bringing.rows}
        if not bringing.is_waiting:
            return context | {"counts": showing.counts_of(bringing), "kept": showing.kept(bringing, KEPT_SHOWN)}
        if self._look_goes_on():
            return context | {"done": (bringing.looked or {}).get("lines", 0), "whole": 0, "is_look": True}
        form = kwargs.get("form") or forms.ColumnsForm(None, heading=bringing.heading, columns=bringing.columns)
        return context | {"form": form} | showing.look_of(bringing, form)


class UndoView(_Screen):
    """Asks first: what an undo does stands beside the button."""

    template_name = "contacts/staff/imports/undo.html"
    page_title = gettext_lazy("Take an import back")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        undoing.ask(get_object_or_404(ContactImport.objects.defer("content"), pk=pk), by=staff_of(request))
        return redirect("contacts_import", pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bringing = get_object_or_404(ContactImport.objects.defer("content"), pk=self.kwargs["pk"])
        return super().get_context_data(**kwargs) | {"bringing": bringing}


class LeftOutView(Permitted, View):
    """The rows with errors, with their reasons in front."""

    permission = MAY_BRING

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        bringing = get_object_or_404(ContactImport, pk=pk)
        if not bringing.is_waiting:
            return redirect("contacts_import", pk=pk)
        try:
            lines = list(reading.refused(bytes(bringing.content or b""), bringing))
        except Unreadable:
            lines = []
        return left_out.as_csv(f"import-{pk}", bringing.heading, lines)
