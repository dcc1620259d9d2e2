from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from contacts.folding import words_of

TABLES = ("contacts_person", "contacts_organisation")


def fill(apps: Any, schema_editor: Any) -> None:
    Person, Organisation, Role = (apps.get_model("contacts", name) for name in ("Person", "Organisation", "Role"))
    names = ("name_fi", "name_sv", "name_en")
    for model, own in ((Person, ("first_name", "last_name", "email", "city")), (Organisation, (*names, "business_id", "email", "city"))):
        rows = []
        for row in model._default_manager.only("pk", *own).iterator(chunk_size=2000):
            texts = [getattr(row, name) for name in own]
            row.sought = words_of(*texts)
            rows.append(row)
        if model is Person:
            of = {}
            for person, *texts in Role._default_manager.values_list("person", *(f"organisation__{name}" for name in names), "title"):
                of.setdefault(person, []).extend(texts)
            for row in rows:
                row.sought += words_of(*of.get(row.pk, ()))
        model._default_manager.bulk_update(rows, ["sought"], batch_size=500)


def make_indexes(apps: Any, schema_editor: Any) -> None:
    """Substrings and near misses are found by trigrams. SQLite reads all rows instead.

    Without a list of pending rows, which each search would read whole.
    """
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"CREATE INDEX {table}_sought ON {table} USING gin (sought gin_trgm_ops) WITH (fastupdate = off)")


def drop_indexes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {table}_sought")


class Migration(migrations.Migration):
    """Contacts carry the words that they are found by."""

    dependencies = [("contacts", "0009_the_register")]

    operations = [
        TrigramExtension(),
        migrations.AddField("organisation", "sought", models.TextField(default="", editable=False)),
        migrations.AddField("person", "sought", models.TextField(default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(make_indexes, drop_indexes),
    ]
