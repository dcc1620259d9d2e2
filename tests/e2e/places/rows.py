"""Where the staff see and edit rows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse


def of_list(model: Any) -> dict[str, str]:
    return {f"{model._meta.model_name}_list": reverse(model.snippet_viewset.get_url_name("list"))}


def of_rows(model: Any) -> dict[str, str]:
    """The list, and the form of one that is there and of a new one."""
    name, at = model._meta.model_name, model.snippet_viewset.get_url_name
    return of_list(model) | {f"{name}_form": reverse(at("edit"), args=[model.objects.first().pk]), f"{name}_new": reverse(at("add"))}


def of_page(row: Any) -> dict[str, str]:
    """Where everything that is known of it stands."""
    return {f"{row._meta.model_name}_page": reverse(row.snippet_viewset.get_url_name("inspect"), args=[row.pk])}
