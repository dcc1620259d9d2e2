"""What was approved, whole: neither this code nor the database changes it. A plan's and a report's versions are such rows."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet

Row = TypeVar("Row", bound=models.Model)
# Of `Approved`; the link to a user who is deleted is emptied.
STAYS = "id, {owner}_id, number, frozen, note, approved_at, approver"
TOLD = "What was approved is never changed nor deleted."


class Frozen(TypeError):
    """Somebody tried to change what was approved."""

    def __init__(self) -> None:
        super().__init__(f"{TOLD} Approve a new version.")


class ApprovedQuerySet(BoundQuerySet[Row]):
    def update(self, **values: Any) -> NoReturn:
        raise Frozen

    def delete(self) -> NoReturn:
        raise Frozen

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Frozen


class Approved(Bounded):
    """A version. `frozen` is all that it says; `approver` is the name of then. Its first migration guards the table too (`guard`)."""

    number = models.PositiveSmallIntegerField(_("number"))
    frozen = models.JSONField(_("what was approved"))
    note = models.TextField(_("note"), blank=True)
    approved_at = models.DateTimeField(_("approved"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("approved by"))
    approver = models.CharField(_("approved by"), max_length=300)

    objects: ClassVar = BoundManager.from_queryset(ApprovedQuerySet)()

    class Meta:
        abstract = True
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return _now("Version %(number)d") % {"number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Frozen
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Frozen


def guard(schema_editor: Any, *, table: str, owner: str, name: str) -> None:
    """For a migration: triggers on the table of an `Approved`, of whose rows `owner` is the parent. `name` is what a row is called, in the singular.

    On SQLite a later change of the table makes it anew, without its triggers: such a migration guards it again.
    """
    columns, is_embedded = STAYS.format(owner=owner), schema_editor.connection.vendor == "sqlite"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TOLD}'); END" if is_embedded else f"FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_{name}()"
    if not is_embedded:
        schema_editor.execute(
            f"CREATE FUNCTION refuse_change_of_approved_{name}() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION '{TOLD}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
        )
    schema_editor.execute(f"CREATE TRIGGER approved_{name}s_stay BEFORE UPDATE OF {columns} ON {table} {refuse}")
    schema_editor.execute(f"CREATE TRIGGER approved_{name}s_are_kept BEFORE DELETE ON {table} {refuse}")


def unguard(schema_editor: Any, *, table: str, name: str) -> None:
    is_embedded = schema_editor.connection.vendor == "sqlite"
    for trigger in (f"approved_{name}s_stay", f"approved_{name}s_are_kept"):
        schema_editor.execute(f"DROP TRIGGER {trigger}" + ("" if is_embedded else f" ON {table}"))
    if not is_embedded:
        schema_editor.execute(f"DROP FUNCTION refuse_change_of_approved_{name}()")
