"""New rows by the thousand, past the objects of the ORM: by COPY on PostgreSQL, elsewhere by one INSERT that is made many times.

Nothing is validated and no signal is sent, as with `bulk_create`; nor is what a model's manager does there. Constraints hold as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.db.models import Model

# Of these, a value of Python is one of the database as it is.
PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField)


def numbers(model: type[Model], how_many: int) -> list[int]:
    """Primary keys that nobody else gets. For a transaction: on SQLite it has the only pen."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [f'"{table}"', column, how_many])
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    last = max(last, model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0)
    return list(range(last + 1, last + 1 + how_many))


def copy(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """`names` are columns as a row has them (`person_id`). The rest has the defaults of the model, found once: a unique one must be named."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    rest: list[Any] = [
        field for field in model._meta.local_concrete_fields if field not in fields and not (field.primary_key and not field.has_default())
    ]
    if lacking := [field.name for field in rest if field.unique]:
        raise TypeError(f"rows of {model.__name__} are told apart by {', '.join(lacking)}")
    constants = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    whole = (row + constants for row in _prepared(fields, rows))
    columns = ", ".join(connection.ops.quote_name(field.column) for field in [*fields, *rest])
    _write(connection.ops.quote_name(model._meta.db_table), columns, len(fields) + len(rest), whole)


def take_stock(*kinds: type[Model]) -> None:
    """PostgreSQL learns how large their tables have become: until it has, it may read all rows for each of another table's."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(model._meta.db_table) for model in kinds)}")


def _prepared(fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    special: list[tuple[int, Callable[..., Any]]] = []
    for place, field in enumerate(fields):
        if not isinstance(getattr(field, "target_field", field), PLAIN):
            special.append((place, field.get_db_prep_save))
    for row in rows:
        if special:
            values = list(row)
            for place, prepare in special:
                values[place] = prepare(values[place], connection)
            yield tuple(values)
        else:
            yield tuple(row)


def _write(table: str, columns: str, width: int, rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * width)})", list(rows))  # noqa: S608 — names of ours
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)
