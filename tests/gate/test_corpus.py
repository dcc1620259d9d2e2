"""How much of the seeded defects the gate catches, and how many clean pages it blocks. Printed: run with -s."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.gate.corpus import seeds
from tests.gate.held_out import HELD_OUT
from tests.gate.later import LATER, PASSAGE, QUIET, SHORT
from tests.gate.pages import Maker

WARNED = {
    "repeated_word": "text.repeated_word",
    "exclamations": "text.exclamations",
    "long_paragraph": "text.long_paragraph",
    "description_missing": "description.missing",
    "fake_list": "list.fake",
    "fake_heading": "heading.fake",
}


@pytest.fixture
def maker(section, ground):
    return Maker(section, ground)


def blocks(maker, page, changes, language="fi"):
    return [finding.code for finding in maker.examine(page, changes, language) if finding.is_error]


def measure(maker, rows):
    """(share of the defects that are blocked, share of the clean twins that are, what was missed, what was wrong)."""
    caught, blocked, missed, wrong = 0, 0, Counter(), []
    for seed in rows:
        language = getattr(seed, "language", "fi")
        if blocks(maker, seed.page, seed.bad, language):
            caught += 1
        else:
            missed[seed.kind] += 1
        if codes := blocks(maker, seed.page, seed.clean, language):
            blocked += 1
            wrong.append((seed.kind, codes))
    return caught / len(rows), blocked / len(rows), missed, wrong


def test_the_corpus_is_what_it_claims_to_be():
    rows = seeds()
    assert len(rows) >= 120
    assert len({seed.kind for seed in rows}) >= 30
    assert len(HELD_OUT) >= 60
    assert {seed.language for seed in HELD_OUT} == {"fi", "sv", "en"}


@pytest.mark.parametrize("part", ["seen", "held-out", "blind"])
def test_the_gate_catches_what_must_not_go_out_and_leaves_clean_pages_alone(maker, part):
    """`blind` seeds were written before the rules of the rendered page, and no rule was mended by them: 85 % were caught when first measured."""
    rows = HELD_OUT if part == "blind" else [seed for seed in seeds() if seed.blocking and seed.held_out is (part == "held-out")]
    caught, blocked, missed, wrong = measure(maker, rows)
    print(f"\n{part}: {len(rows)} defects, caught {caught:.1%}; clean twins blocked {blocked:.1%}; missed {dict(missed)}; {wrong}")
    assert caught >= (0.85 if part == "blind" else 0.95)
    assert blocked <= 0.02


@pytest.mark.parametrize("part", ["seen", "held-out"])
def test_parts_in_other_languages_and_what_the_description_lacks_are_told(maker, part):
    """A few words that leave no doubt are told as a whole passage is."""
    rows = [seed for seed in LATER if seed.held_out is (part == "held-out")]
    missed, wrong = [], []
    for seed in rows:
        wanted = {seed.code, PASSAGE} if seed.code == SHORT else {seed.code}
        found, clean = ({finding.code for finding in maker.examine("story", changes, seed.language)} for changes in (seed.bad, seed.clean))
        missed += [] if wanted & found else [(seed, found)]
        wrong += [(seed, clean)] if clean & {seed.code, PASSAGE} else []
    caught, blocked = 1 - len(missed) / len(rows), len(wrong) / len(rows)
    print(f"\nlater, {part}: {len(rows)} defects, caught {caught:.1%}; clean twins told {blocked:.1%}; missed {missed}; {wrong}")
    assert caught >= (0.85 if part == "held-out" else 0.95)
    assert not wrong


def test_names_and_titles_in_other_languages_are_left_alone(maker):
    for language, changes in QUIET:
        assert {finding.code for finding in maker.examine("story", changes, language)} & {SHORT, PASSAGE} == set(), changes


def test_warnings_are_found_and_never_block(maker):
    for seed in seeds():
        if seed.blocking:
            continue
        for changes, expected in ((seed.bad, True), (seed.clean, False)):
            found = maker.examine(seed.page, changes)
            assert [finding.code for finding in found if finding.is_error] == []
            assert (WARNED[seed.kind] in {finding.code for finding in found}) is expected, (seed.kind, changes)
