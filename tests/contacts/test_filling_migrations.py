"""Migrations that fill rows of before: each over rows as they stood then, made by the product's own actions."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from contacts.importing import actions as importing
from contacts.importing import undoing
from contacts.merging import actions as merging
from contacts.models import ContactImport, Merge
from tests import factories


def run(migration, function):
    getattr(import_module(f"contacts.migrations.{migration}"), function)(apps, None)


@pytest.fixture
def theme(db):
    return factories.make_theme()


def test_an_import_that_was_undone_in_the_request_counts_as_asked_for(theme):
    why = importing.Why("lista", None)
    undone, standing = (importing.bring(f"last_name\nE{n}\n".encode(), theme=theme, file_name=f"{n}.csv", why=why).bringing for n in (1, 2))
    undoing.undo(undone)
    ContactImport.objects.update(undo_asked_at=None)
    run("0010_what_was_undone_was_asked_for", "say_so")
    undone.refresh_from_db()
    standing.refresh_from_db()
    assert undone.undo_asked_at == undone.undone_at is not None
    assert (standing.undo_asked_at, standing.undone_at) == (None, None)


def test_a_merge_of_before_knows_the_key_of_who_is_gone_and_one_that_was_undone_does_not(theme):
    kept, gone, parted = (factories.make_person(theme) for _ in range(3))
    key = gone.key
    stands = merging.merge(winner=kept, loser=gone, by=None)
    undone = merging.merge(winner=kept, loser=parted, by=None)
    merging.undo(undone, by=None)
    assert Merge.objects.get(pk=stands.pk).gone_key == key
    Merge.objects.update(gone_key=None)
    run("0012_keys_of_the_merged", "find_keys")
    assert [Merge.objects.get(pk=one.pk).gone_key for one in (stands, undone)] == [key, None]
