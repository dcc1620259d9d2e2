"""The main picture of a page passes the gate with words of its own."""

from __future__ import annotations

import pytest

from base.gate import findings
from tests import factories


@pytest.mark.parametrize(
    ("words", "codes"), [("", {"picture.alternative"}), ("kuva_2.jpg", {"picture.alternative"}), ("Kaksi hitsaajaa taulun ääressä", set())]
)
def test_the_main_picture_is_described(section, words, codes):
    story = factories.make_story_draft(section, picture=factories.make_image(), picture_alt=words)
    found = {finding.code: finding for finding in findings(story) if finding.is_error}
    assert set(found) == codes
    assert all(finding.field == "picture_alt" for finding in found.values())


def test_a_picture_without_its_maker_is_told(section):
    story = factories.make_story_draft(section, picture=factories.make_image(credit=""), picture_alt="Kaksi hitsaajaa taulun ääressä")
    assert "picture.credit" in {finding.code for finding in findings(story)}
