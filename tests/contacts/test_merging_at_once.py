"""Two who merge, undo and erase the same people at once: one is told, nothing is lost, nobody waits for ever."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from contacts import notes, people, timeline
from contacts.merging import actions
from contacts.models import Merge, Note, Person
from contacts.privacy import own_data
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

# How long the first is held in the middle of its work, for the second to come to where it has to wait.
HELD = 0.6
PATIENCE = 60


class Scene:
    """Three people, each with a note of their own."""

    def __init__(self) -> None:
        self.theme = factories.make_theme()
        self.people = {name: factories.make_person(self.theme, last_name=name) for name in "ABC"}
        for name, person in self.people.items():
            notes.add_note(person, f"Muistiinpano {name}", by=None)

    def merge(self, winner: str, loser: str) -> Callable[[], Any]:
        return lambda: actions.merge(winner=self.people[winner], loser=self.people[loser], by=None)

    def erase(self, name: str) -> Callable[[], Any]:
        return lambda: people.erase_person(self.people[name])

    def left(self) -> dict[str, set[str]]:
        """Who is there, and whose notes they have."""
        return {
            person.last_name: {text[-1] for text in Note.objects.filter(person=person).values_list("text", flat=True)}
            for person in Person.objects.filter(theme=self.theme)
        }


def at_once(monkeypatch: pytest.MonkeyPatch, first: Callable[[], Any], second: Callable[[], Any]) -> list[Exception | None]:
    """What each was told. The first is held once it has locked and read whom it works on; the second begins then, on a connection of its own."""
    is_in, told = threading.Event(), dict[int, Exception | None]()
    real = people.subject

    def held(person: Person) -> Any:
        found = real(person)
        if threading.current_thread().name == "first" and not is_in.is_set():
            is_in.set()
            time.sleep(HELD)
        return found

    monkeypatch.setattr(people, "subject", held)

    def run(place: int, act: Callable[[], Any]) -> None:
        if place:
            is_in.wait(PATIENCE)
        try:
            act()
        except (ValidationError, people.GoneError) as refused:
            told[place] = refused
        else:
            told[place] = None
        finally:
            is_in.set()
            connection.close()

    threads = [threading.Thread(target=run, args=pair, name=name) for name, *pair in (("first", 0, first), ("second", 1, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    # Each has ended in a way that a person is told of: no deadlock, no fault.
    assert sorted(told) == [0, 1]
    return [told[place] for place in (0, 1)]


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    @pytest.mark.parametrize(("winner", "loser"), [("A", "B"), ("B", "A")], ids=["the same way", "the other way round"])
    def test_of_two_who_merge_the_same_pair_the_second_is_told(self, monkeypatch: pytest.MonkeyPatch, winner: str, loser: str) -> None:
        scene = Scene()
        first, second = at_once(monkeypatch, scene.merge("A", "B"), scene.merge(winner, loser))
        assert first is None
        assert "rekisterissä" in " ".join(second.messages)  # type: ignore[union-attr]  # None has none, and fails here
        assert scene.left() == {"A": {"A", "B"}, "C": {"C"}}
        assert Merge.objects.count() == 1
        actions.undo(Merge.objects.get(), by=None)
        assert scene.left() == {"A": {"A"}, "B": {"B"}, "C": {"C"}}

    def test_a_into_b_and_b_into_c_leave_all_with_c(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = Scene()
        assert at_once(monkeypatch, scene.merge("B", "A"), scene.merge("C", "B")) == [None, None]
        assert scene.left() == {"C": {"A", "B", "C"}}
        for merge in Merge.objects.order_by("-pk"):
            actions.undo(merge, by=None)
        assert scene.left() == {"A": {"A"}, "B": {"B"}, "C": {"C"}}

    def test_b_into_c_while_another_merges_a_into_b_tells_the_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = Scene()
        first, second = at_once(monkeypatch, scene.merge("C", "B"), scene.merge("B", "A"))
        assert (first, type(second)) == (None, ValidationError)
        assert scene.left() == {"A": {"A"}, "C": {"B", "C"}}

    def test_erasing_whom_another_merges_tells_who_erases(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = Scene()
        first, second = at_once(monkeypatch, scene.merge("A", "B"), scene.erase("B"))
        assert (first, type(second)) == (None, people.GoneError)
        assert scene.left() == {"A": {"A", "B"}, "C": {"C"}}
        found = people.became(scene.people["B"])
        assert found == scene.people["A"]

    def test_erasing_whom_another_keeps_erases_both_as_they_are_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = Scene()
        assert at_once(monkeypatch, scene.merge("A", "B"), scene.erase("A")) == [None, None]
        assert scene.left() == {"C": {"C"}}
        assert not Merge.objects.exists()
        assert {note.text for note in Note.objects.all()} == {"Muistiinpano C"}

    def test_merging_whom_another_erases_tells_who_merges(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = Scene()
        first, second = at_once(monkeypatch, scene.erase("B"), scene.merge("A", "B"))
        assert (first, type(second)) == (None, ValidationError)
        assert scene.left() == {"A": {"A"}, "C": {"C"}}

    def test_who_erases_themselves_while_they_are_merged_is_gone_all_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = Scene()
        assert at_once(monkeypatch, scene.merge("A", "B"), lambda: own_data.erase(scene.people["B"])) == [None, None]
        assert scene.left() == {"C": {"C"}}
        assert not timeline.read(scene.people["A"]).moments

    def test_undoing_a_merge_while_another_merges_on_tells_who_undoes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = Scene()
        merge = scene.merge("A", "B")()
        first, second = at_once(monkeypatch, scene.merge("C", "A"), lambda: actions.undo(merge, by=None))
        assert (first, type(second)) == (None, ValidationError)
        assert scene.left() == {"C": {"A", "B", "C"}}

    def test_of_two_who_undo_the_same_merge_the_second_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = Scene()
        merge = scene.merge("A", "B")()
        undo = lambda: actions.undo(merge, by=None)  # noqa: E731 — twice the same
        told = at_once(monkeypatch, undo, undo)
        assert sorted(type(one) for one in told if one) == [ValidationError]
        assert scene.left() == {"A": {"A"}, "B": {"B"}, "C": {"C"}}
