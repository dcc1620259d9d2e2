"""Looks for words in all that the product keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator


def rows_with(words: str) -> list[str]:
    """Each table and column in which a value has these words, whatever its kind."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("sqlite_"):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            found += [f"{table}.{name}" for row in cursor for name, value in zip(names, row, strict=True) if words in _text(value)]
    return found


def _text(value: object) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else str(value)


def files_with(words: str) -> Iterator[Path]:
    """Of all that the product keeps on disk: media, private files, the outbox, and with SQLite the database itself and its log."""
    for folder in (Path(settings.MEDIA_ROOT), Path(settings.STORAGES["private"]["OPTIONS"]["location"]), Path(settings.EMAIL_ADDRESS.path)):
        yield from (path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes())
    if connection.vendor == "sqlite":
        here = Path(connection.settings_dict["NAME"])
        yield from (path for path in here.parent.glob(f"{here.name}*") if words.encode() in path.read_bytes())
