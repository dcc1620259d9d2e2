"""An import is taken back by the worker, a batch at a time: it bears repeats and a death on the way, and nobody who has more by now goes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from base.roles import Role
from base.tasks import in_this_process
from contacts import notes
from contacts.importing import actions, undoing
from contacts.models import ContactImport, ContactPoint, Filled, HeldFor, Organisation, Person
from tests import factories
from tests.contacts.importing.test_bringing import bring

HEADING = "Tunnus;Etunimi;Sukunimi;Puhelin;Organisaatio;Yksikkö\n"


@pytest.fixture
def theme(db):
    return factories.make_theme()


@pytest.fixture
def kaisa(cast, theme):
    return cast.enter(Role.COORDINATORS)


@pytest.fixture
def small(monkeypatch):
    """Few a batch, and one batch a run."""
    monkeypatch.setattr(undoing, "BATCH", 3)
    monkeypatch.setattr(undoing, "RUN_SECONDS", -1)


def sheet(number=10):
    return HEADING + "".join(f"{row};Eka{row};Salo{row};040 12345{row:02};Firma {row % 4};Talous\n" for row in range(number))


def run_to_the_end(bringing):
    for number in range(200):
        bringing.refresh_from_db()
        if not bringing.is_going_back:
            return number
        undoing.go_on(bringing.pk)
    raise AssertionError("It never ends.")


def test_the_screen_says_that_it_goes_back_and_then_that_it_is_gone(kaisa, theme, django_capture_on_commit_callbacks):
    bringing = bring(theme, sheet()).bringing
    path = reverse("contacts_import", args=[bringing.pk])
    with django_capture_on_commit_callbacks() as asked:
        kaisa.post(reverse("contacts_import_undo", args=[bringing.pk]))
        kaisa.post(reverse("contacts_import_undo", args=[bringing.pk]))
    assert len(asked) == 1
    # Nothing is gone while the request lasts.
    assert Person.objects.count() == 10
    shown = kaisa.get(path)
    assert (shown.context["done"], shown.context["whole"], shown.context["is_undo"]) == (0, 10, True)
    assert 'data-live="progress"' in shown.content.decode()
    assert reverse("contacts_import_undo", args=[bringing.pk]) not in shown.content.decode()
    for name in ("contacts_import_undo", "contacts_imports"):
        assert kaisa.get(reverse(name, args=[bringing.pk] if "undo" in name else [])).status_code == 200
    with in_this_process():
        asked[0]()
    shown = kaisa.get(path)
    assert shown.context["bringing"].removed == 10
    assert "kept" in shown.context
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.usefixtures("small")
def test_each_run_goes_on_and_who_has_more_meanwhile_stays(theme):
    known = factories.make_person(theme, external_id="3", first_name="", last_name="Tuttu")
    bringing = bring(theme, sheet()).bringing
    assert Filled.objects.get().person == known
    undoing.ask(bringing, by=None)
    undoing.go_on(bringing.pk)
    assert Person.objects.count() == 10
    while Person.objects.count() == 10:
        undoing.go_on(bringing.pk)
    bringing.refresh_from_db()
    assert (bringing.removed, bringing.is_going_back, Person.objects.count()) == (3, True, 7)
    late = Person.objects.exclude(pk=known.pk).latest("pk")
    notes.add_note(late, "Tavattu", by=None)
    run_to_the_end(bringing)
    bringing.refresh_from_db()
    assert (bringing.removed, bringing.is_going_back) == (8, False)
    assert set(Person.objects.values_list("pk", flat=True)) == {known.pk, late.pk}
    known.refresh_from_db()
    assert (known.first_name, known.roles.count(), known.contact_points.count(), known.held_for.count()) == ("", 0, 0, 1)
    assert (HeldFor.objects.filter(brought_by=bringing).count(), ContactPoint.objects.count(), Filled.objects.count()) == (1, 1, 0)
    assert Organisation.objects.count() == 2
    # Ended is ended.
    undoing.go_on(bringing.pk)
    undoing.ask(bringing, by=None)
    assert undoing.undo(bringing) == (0, 0)
    assert Person.objects.count() == 2


@pytest.mark.usefixtures("small")
def test_what_is_typed_meanwhile_is_not_emptied_by_a_repeat(theme):
    known = factories.make_person(theme, external_id="3", first_name="", last_name="Tuttu")
    bringing = bring(theme, sheet()).bringing
    undoing.ask(bringing, by=None)
    undoing.go_on(bringing.pk)
    # The same as the file said, by hand this time.
    Person.objects.filter(pk=known.pk).update(first_name="Eka3")
    run_to_the_end(bringing)
    known.refresh_from_db()
    assert known.first_name == "Eka3"


@pytest.mark.usefixtures("small")
def test_a_worker_that_died_leaves_the_rest_to_the_clock(theme, monkeypatch):
    bringing = bring(theme, sheet()).bringing
    undoing.ask(bringing, by=None)
    monkeypatch.setattr(undoing, "RUN_SECONDS", 60)
    calls = []

    def die(rows):
        calls.append(rows)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return remove(rows)

    remove = undoing._remove
    monkeypatch.setattr(undoing, "_remove", die)
    with pytest.raises(KeyboardInterrupt):
        undoing.go_on(bringing.pk)
    bringing.refresh_from_db()
    # A batch is whole or not at all.
    assert Person.objects.count() == 10 - bringing.removed
    assert bringing.is_going_back
    monkeypatch.setattr(undoing, "_remove", remove)
    actions.go_on_with_all()
    bringing.refresh_from_db()
    assert (bringing.removed, bringing.is_going_back) == (10, False)
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()


def test_what_is_asked_to_go_back_brings_nothing_more(theme, monkeypatch):
    bringing = bring(theme, sheet(4)).bringing
    ContactImport.objects.filter(pk=bringing.pk).update(ended_at=None, asked_at=bringing.began_at, content=sheet().encode())
    undoing.ask(bringing, by=None)
    actions.go_on_with_all()
    assert not Person.objects.exists()
    bringing.refresh_from_db()
    assert (bringing.content, bringing.is_on_its_way, bringing.is_going_back) == (None, False, False)
