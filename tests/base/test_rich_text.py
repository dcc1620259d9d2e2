"""The language of a passage, from the editor to the page and to its translations."""

from __future__ import annotations

import json

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail_localize.strings import extract_strings, restore_strings

from base.blocks import RICH_TEXT, QuoteBlock

PASSAGE = '<p data-block-key="a1b2c">Hän sanoi: <span lang="en">we have more time</span> ja <span lang="sv">tack</span>.</p>'


def test_a_marked_passage_comes_through_the_editor():
    converter = ContentstateConverter(RICH_TEXT)
    content = converter.from_database_format(PASSAGE)
    assert [row["style"] for row in json.loads(content)["blocks"][0]["inlineStyleRanges"]] == ["LANGUAGE-EN", "LANGUAGE-SV"]
    assert converter.to_database_format(content) == PASSAGE


def test_a_marked_passage_is_a_text_of_its_own_to_translators_and_keeps_its_mark():
    template, texts = extract_strings(PASSAGE)
    assert [text.data for text, _attributes in texts] == ["Hän sanoi:", "we have more time", "ja", "tack", "."]
    assert restore_strings(template, [(text, attributes) for text, attributes in texts]) == PASSAGE


def test_a_quote_says_its_language():
    quote = QuoteBlock()
    said = {"text": "Tack.", "source": "Chef", "language": "sv"}
    assert '<blockquote lang="sv">' in quote.render(quote.to_python(said))
    assert "<blockquote>" in quote.render(quote.to_python(said | {"language": ""}))
