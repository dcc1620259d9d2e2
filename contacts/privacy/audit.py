"""What the staff, the people themselves and the worker did with contacts, from Wagtail's log. Nobody who was erased is named in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from base.bounds import Bounded, bound, everywhere
from contacts.details import url_of
from contacts.models import Network, Organisation, Outreach, Person, Purpose, Segment, Tag
from themes.models import Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

# What may be asked for: key, label, actions. What is none of these is a change.
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "exports": (gettext_lazy("Files taken along"), ("contacts.exported",)),
    "merges": (gettext_lazy("Merges"), ("contacts.merged", "contacts.merge_undone")),
    "imports": (gettext_lazy("Imports"), ("contacts.imported", "contacts.import_undone")),
    "erasures": (
        gettext_lazy("Erasures and keeping"),
        ("contacts.erased", "contacts.forgotten", "contacts.purpose_ended", "contacts.kept", "contacts.not_kept", "wagtail.delete"),
    ),
    "notices": (gettext_lazy("Notices and links"), ("contacts.notice", "contacts.link", "contacts.links_void")),
}
# Their names need no further query, and tell of nobody else.
NAMED = (Person, Organisation, Network, Segment, Tag, Purpose, Outreach)


def entries() -> QuerySet[ModelLogEntry]:
    """Of the theme that is looked at; the newest first."""
    own = Q(content_type__in=ContentType.objects.filter(app_label="contacts"))
    rows: QuerySet[ModelLogEntry] = ModelLogEntry.objects.filter(own | Q(action__startswith="contacts.")).order_by("-timestamp", "-pk")
    with everywhere():
        is_alone = Theme.objects.count() == 1
    if bound() is None or is_alone:
        # Of what is gone nobody can say whose it was.
        return rows
    return rows.filter(_of_the_theme(bound() or 0))


def _of_the_theme(theme: int) -> Q:
    found = Q(content_type=ContentType.objects.get_for_model(Theme), object_id=str(theme))
    for model in apps.get_app_config("contacts").get_models():
        if issubclass(model, Bounded):
            numbers = model._default_manager.annotate(logged_as=Cast("pk", CharField())).order_by().values("logged_as")
            found |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=numbers)
    return found


def of_kind(rows: QuerySet[ModelLogEntry], kind: str) -> QuerySet[ModelLogEntry]:
    if kind == "changes":
        return rows.exclude(action__in=[action for _label, actions in KINDS.values() for action in actions])
    return rows.filter(action__in=KINDS[kind][1])


def told(page: Iterable[ModelLogEntry]) -> list[dict[str, Any]]:
    """In words, with the names of today of those who are there. A query for each sort of what is named."""
    found = list(page)
    by_type: dict[int, set[str]] = {}
    for entry in found:
        by_type.setdefault(entry.content_type_id, set()).add(entry.object_id)
    objects = {(number, str(pk)): row for number, ids in by_type.items() for pk, row in _there(number, ids).items()}
    return [_line(entry, objects.get((entry.content_type_id, entry.object_id))) for entry in found]


def _there(content_type: int, ids: set[str]) -> dict[Any, Any]:
    model: Any = ContentType.objects.get_for_id(content_type).model_class()
    return model.objects.in_bulk([int(number) for number in ids if number.isdecimal()]) if model in NAMED else {}


def _line(entry: ModelLogEntry, row: Any) -> dict[str, Any]:
    model = entry.content_type.model_class() if entry.content_type else None
    kind = capfirst(str(model._meta.verbose_name)) if model and model is not Theme else ""
    what = entry.message or registry.get_action_label(entry.action)
    return {"entry": entry, "what": what, "kind": kind, "name": str(row) if row else "", "url": _place(row), "more": _more(entry)}


def _place(row: Any) -> str:
    if isinstance(row, Person | Organisation):
        return url_of(row)
    return ""


def _more(entry: ModelLogEntry) -> str:
    """Numbers, the sort of file, the fields: never what stood in them."""
    data = entry.data or {}
    parts = []
    if model := _model(data.get("of")):
        parts.append(str(model._meta.verbose_name_plural))
    if data.get("format"):
        parts.append(str(data["format"]).upper())
    if isinstance(data.get("rows"), int):
        parts.append(ngettext("%(number)d row", "%(number)d rows", data["rows"]) % {"number": data["rows"]})
    if isinstance(data.get("fields"), list):
        parts += [str(FIELDS[name]) for name in data["fields"] if name in FIELDS]
    if data.get("until"):
        parts.append(_("until %(day)s") % {"day": date_format(date.fromisoformat(data["until"]), "SHORT_DATE_FORMAT")})
    return ", ".join(parts)


FIELDS: dict[str, Any] = {field.name: field.verbose_name for field in Person._meta.concrete_fields}


def _model(name: object) -> Any:
    try:
        return apps.get_model("contacts", name) if isinstance(name, str) else None
    except LookupError:
        return None
