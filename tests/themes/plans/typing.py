"""A goal's and a plan's form as somebody has it open, to type in and send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client

    from themes.models import Goal, Plan

PARTS = ("messages", "responsibilities", "expected_results")


def address(row: Goal | Plan, do: str = "edit") -> str:
    return reverse(row.snippet_viewset.get_url_name(do), args=[row.pk] if do == "edit" else [])


def opened(client: Client, row: Goal | Plan) -> dict[str, Any]:
    """What the browser would send back, untouched."""
    form = client.get(address(row)).context["form"]
    return fields(form)


def fields(form: Any) -> dict[str, Any]:
    found = {form.add_prefix(name): form[name].value() for name in form.fields}
    for formset in form.formsets.values():
        for part in (formset.management_form, *formset.forms):
            found |= fields(part) if hasattr(part, "formsets") else {part.add_prefix(name): part[name].value() for name in part.fields}
    return {name: written(value) for name, value in found.items() if value is not None and value is not False}


def written(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [str(getattr(row, "pk", row)) for row in value]
    return value.strftime("%d.%m.%Y") if hasattr(value, "strftime") else str(value)


def add_row(data: dict[str, Any], prefix: str, **values: Any) -> str:
    """The prefix of a new row of the formset."""
    number = int(data.get(f"{prefix}-TOTAL_FORMS", 0))
    data |= {f"{prefix}-TOTAL_FORMS": str(number + 1)}
    data.setdefault(f"{prefix}-INITIAL_FORMS", "0")
    data |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    if prefix == "messages":
        data |= {f"{prefix}-{number}-proofs-TOTAL_FORMS": "0", f"{prefix}-{number}-proofs-INITIAL_FORMS": "0"}
    return f"{prefix}-{number}"
