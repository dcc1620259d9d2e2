"""Each block with good and with bad input."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from base.blocks import StoryBlocks
from base.blocks.links import about_file, size_in_words
from base.gate import findings
from base.models import SiteDocument
from pages.models import StoryPage
from tests import factories


def rendered(client, section, *body):
    story = factories.make_story(section, body=list(body))
    return BeautifulSoup(client.get(story.url).content, "html.parser").select_one(".story__body")


def cleaned(name, value):
    block = StoryBlocks().child_blocks[name]
    return block.clean(block.normalize(value))


def problems(name, value):
    """The messages at each place of the block, joined."""

    def walk(error):
        for inner in (*getattr(error, "block_errors", {}).values(), *getattr(error, "non_block_errors", ())):
            yield from walk(inner)
        if not getattr(error, "block_errors", None) and not getattr(error, "non_block_errors", None):
            yield from getattr(error, "messages", [str(error)])

    with pytest.raises(ValidationError) as caught:
        cleaned(name, value)
    return " ".join(walk(caught.value))


def action(**values):
    return {"title": "Hae mukaan", "text": "", "label": "Täytä hakemus", "page": None, "url": ""} | values


def test_a_call_to_action_leads_to_one_place(db):
    assert cleaned("call_to_action", action(url="https://example.org/"))["url"] == "https://example.org/"
    assert "Valitse sivu" in problems("call_to_action", action())


def test_a_call_to_action_leads_to_a_page_or_an_address_not_both(section):
    assert "ei molempia" in problems("call_to_action", action(page=section, url="https://example.org/"))


def test_a_call_to_action_leads_to_the_page_in_the_readers_language(client, section):
    story = factories.make_story(section)
    swedish = story.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    swedish.save_revision().publish()
    found = rendered(client, section, ("call_to_action", action(page=story)))
    assert found.select_one("a.button")["href"] == story.url
    page = factories.make_story(section, body=[("call_to_action", action(page=story))])
    other = page.copy_for_translation(Locale.objects.get(language_code="sv"))
    other.save_revision().publish()
    assert swedish.url in client.get(other.url).content.decode()


def test_a_call_to_action_to_a_page_that_was_taken_away_is_not_shown(client, section):
    story = factories.make_story(section)
    page = factories.make_story(section, body=[("call_to_action", action(page=story)), ("paragraph", "<p>Teksti</p>")])
    story.unpublish()
    assert "call-to-action" not in client.get(page.url).content.decode()
    page.refresh_from_db()
    assert "link.draft" in {finding.code for finding in findings(page)}


@pytest.mark.parametrize(("url", "label", "code"), [("https://example.org/", "Lue lisää", "link.vague"), ("http://localhost/x", "Hae", "link.staff")])
def test_the_gate_reads_the_link_of_a_call_to_action(section, url, label, code):
    story = factories.make_story(section)
    story.body = [("call_to_action", action(url=url, label=label))]
    assert code in {finding.code for finding in findings(story)}


def test_steps_are_a_numbered_list(client, section):
    steps = {"title": "Näin alkuun", "items": [{"title": "Varaa vartti", "text": "<p>Kalenteriin.</p>"}, {"title": "Kysy kaksi asiaa", "text": ""}]}
    found = rendered(client, section, ("steps", steps))
    assert [item.get_text(" ", strip=True) for item in found.select("ol.steps > li")] == ["Varaa vartti Kalenteriin.", "Kysy kaksi asiaa"]
    assert problems("steps", {"title": "", "items": [{"title": "Yksi", "text": ""}]})


def test_a_timeline_tells_when_and_what(client, section):
    moments = [{"when": "Syksy 2024", "title": "Hanke alkoi", "text": ""}, {"when": "Kevät 2025", "title": "Ensimmäiset pajat", "text": ""}]
    found = rendered(client, section, ("timeline", {"title": "", "items": moments}))
    assert [item.get_text(" ", strip=True) for item in found.select("ol.timeline > li")] == ["Syksy 2024 Hanke alkoi", "Kevät 2025 Ensimmäiset pajat"]
    assert problems("timeline", {"title": "", "items": [{**moments[0], "when": ""}, moments[1]]})


def test_questions_open_without_a_script(client, section):
    found = rendered(client, section, ("questions", {"title": "Kysyttyä", "items": [{"question": "Mitä maksaa?", "answer": "<p>Ei mitään.</p>"}]}))
    assert found.select_one("details summary").get_text(strip=True) == "Mitä maksaa?"
    assert found.select_one("details p").get_text(strip=True) == "Ei mitään."
    assert problems("questions", {"title": "", "items": [{"question": "Mitä maksaa?", "answer": ""}]})


def test_related_pages_stand_as_rows_in_the_readers_language(client, section):
    first, second = factories.make_story(section, title="Ensimmäinen"), factories.make_story(section, title="Toinen")
    second.unpublish()
    page = factories.make_story(section, title="Sivu", body=[("related", {"title": "", "pages": [first]}), ("paragraph", "<p>Teksti</p>")])
    page.body = [("related", {"title": "", "pages": [first, second]})]
    found = BeautifulSoup(str(page.body), "html.parser")
    assert [title.get_text(strip=True) for title in found.select(".story-row__title")] == ["Ensimmäinen"]


def test_files_tell_their_kind_and_size(client, section):
    document = SiteDocument.objects.create(title="Opas", file=ContentFile(b"%PDF-1.7 " + b"0" * 340_000 + b"%%EOF", "opas.pdf"))
    found = rendered(client, section, ("files", {"title": "", "items": [{"document": document, "title": "Vartin opas"}]}))
    assert found.select_one(".links a").get_text(" ", strip=True) == "Vartin opas PDF, 340 kilotavua"
    assert size_in_words(2_560_000) == "2,6 megatavua"
    document.file.storage.delete(document.file.name)
    document.file_size = None
    assert about_file(document) == "PDF"


def test_a_gallery_has_captions_and_credits(client, section):
    one, two = factories.make_image(credit="Kuvaaja"), factories.make_image(credit="")

    def picture(image, caption):
        image.contextual_alt_text, image.decorative = "Kaksi ihmistä taulun ääressä", False
        return {"image": image, "caption": caption}

    found = rendered(client, section, ("gallery", {"items": [picture(one, "Aamulla"), picture(two, "Illalla")]}))
    assert [caption.get_text(" ", strip=True) for caption in found.select("figcaption")] == ["Aamulla Kuva: Kuvaaja", "Illalla"]
    assert {image["alt"] for image in found.select("img")} == {"Kaksi ihmistä taulun ääressä"}
    assert problems("gallery", {"items": [picture(one, "Yksin")]})
    story = factories.make_story(section)
    story.body = [("gallery", {"items": [picture(one, "Aamulla"), picture(two, "")]})]
    assert "picture.caption" in {finding.code for finding in findings(story)}


def translated(page, dictionary):
    """The page in Swedish, with the words that the dictionary has."""
    source, _made = TranslationSource.update_or_create_from_instance(page)
    locale = Locale.objects.get(language_code="sv")
    translation = Translation.objects.create(source=source, target_locale=locale)
    found = list(StringSegment.objects.filter(source=source).select_related("string", "context"))
    for segment in found:
        if words := dictionary.get(segment.string.data):
            StringTranslation.from_text(segment.string, locale, segment.context, words)
    translation.save_target(publish=False)
    return StoryPage.objects.get(translation_key=page.translation_key, locale=locale).get_latest_revision_as_object(), [
        one.string.data for one in found
    ]


def test_texts_of_blocks_are_translated_and_the_rest_is_kept(section):
    factories.make_locales()
    target = factories.make_story(section)
    body = [
        ("steps", {"title": "Alkuun", "items": [{"title": "Varaa vartti", "text": ""}, {"title": "Kysy", "text": ""}]}),
        ("call_to_action", action(page=target)),
        ("events", {"title": "", "sub_theme": "", "region": "19", "number": 4}),
    ]
    page = factories.make_story(section, body=body)
    section.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    swedish, segments = translated(page, {"Varaa vartti": "Boka en kvart", "Täytä hakemus": "Fyll i ansökan"})
    steps, call, events = (child.value for child in swedish.body)
    assert [item["title"] for item in steps["items"]] == ["Boka en kvart", "Kysy"]
    assert call["label"] == "Fyll i ansökan"
    assert call["page"].pk == target.pk
    assert (events["region"], events["number"]) == ("19", 4)
    assert "19" not in segments
