"""What the lists of the register share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Count
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet

from base.staff import staff_of
from base.staff_lists import as_text
from contacts import exporting, search
from contacts.models import Organisation, Person

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse


def name_of(row: Model | None) -> str:
    """Of another row, in a list that is taken along: many have none, and a path such as `region.name` would fail there."""
    return as_text(str(row)) if row else ""


class _RefusedOnSaving:
    """What is refused only while it is saved, such as a cycle that another has closed meanwhile, is told at its field; nothing typed is lost."""

    def form_valid(self: Any, form: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the view's, behind this in the order
        except ValidationError as refused:
            form.add_error(None, refused)
            answer = self.form_invalid(form)
        return answer


class RefusingCreateView(_RefusedOnSaving, CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        """An address may name what the new row is of: `?person=17`."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        given = {name: self.request.GET[name] for name in self.form_class.base_fields if name in self.request.GET}
        return kwargs | {"initial": kwargs.get("initial", {}) | given}


class RefusingEditView(_RefusedOnSaving, EditView):
    pass


class RecordingIndexView(IndexView):
    """A list that is taken along is on record: who, when, how many and of what, and never whom."""

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        path = self.model.theme_path
        numbers = dict(queryset.order_by().values_list(path).annotate(number=Count("pk", distinct=True)))
        exporting.record(numbers, spreadsheet_format, self.model, by=staff_of(self.request))
        return super().as_spreadsheet(queryset, spreadsheet_format)


class ReadingIndexView(RecordingIndexView):
    """A row leads to what is known, not to the form that changes it."""

    def search_queryset(self, queryset: Any) -> Any:
        """A list of contacts is searched as everywhere else: by beginnings of words, and near misses."""
        if self.is_searching and issubclass(self.model, (Person, Organisation)):
            return search.matching(queryset, self.search_query)
        return super().search_queryset(queryset)

    def get_edit_url(self, instance: Any) -> str | None:
        url: str | None = self.get_inspect_url(instance) or super().get_edit_url(instance)
        return url


class ListViewSet(SnippetViewSet):
    """`related` names what the columns read, so that queries do not grow with the rows."""

    related: ClassVar[list[str]] = []
    search_backend_name = None
    index_view_class = RecordingIndexView
    add_view_class = RefusingCreateView
    edit_view_class = RefusingEditView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.select_related(*self.related)
        return rows
