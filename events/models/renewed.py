"""Rows that are read again and again while seats change."""

from __future__ import annotations

from typing import Any

from django.db import models


class Renewed(models.Model):
    class Meta:
        abstract = True

    def renew(self, rows: models.QuerySet[Any] | None = None) -> None:
        """Its own columns again, in one query. What it refers to never changes, and stays the object that one has, with what that has read."""
        own = [field.attname for field in self._meta.concrete_fields if not field.is_relation and not field.primary_key]
        self.refresh_from_db(fields=own, from_queryset=rows)
        self._prefetched_objects_cache: dict[str, Any] = {}
