"""The picture beside a shared link."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from wagtail.models import PageViewRestriction

from tests import factories
from themes import cards
from themes.look import Face

LONG = "Työturvallisuusasiantuntijaverkostoitumiskoulutustilaisuus ja muita sanoja, joita on enemmän kuin neljälle riville mahtuu, vaikka pieninä"


@pytest.fixture(scope="module")
def made_section(shared_db):
    return factories.make_section(factories.make_home(factories.make_theme(accent="#8a3c6e")))


def shared(client, page):
    head = BeautifulSoup(client.get(page.url).content, "html.parser").head
    return head.find("meta", property="og:image")["content"].removeprefix("http://localhost")


def opened(content):
    return Image.open(BytesIO(content)).convert("RGB")


def near(pixel, expected):
    return all(abs(one - other) <= 12 for one, other in zip(pixel, expected, strict=True))


def test_the_page_leads_to_its_card_and_a_changed_page_to_another(client, section):
    story = factories.make_story(section, title="Hyvä työpäivä")
    first = shared(client, story)
    answer = client.get(first)
    assert answer["Content-Type"] == "image/jpeg"
    assert "immutable" in answer["Cache-Control"]
    picture = opened(answer.content)
    assert picture.size == cards.SIZE
    assert near(picture.getpixel((600, 4)), (0x8A, 0x3C, 0x6E))
    assert near(picture.getpixel((80, 480)), (0x00, 0x33, 0x99))
    story.title = "Parempi työpäivä"
    story.save_revision().publish()
    second = shared(client, story)
    assert second != first
    assert client.get(first)["Location"] == second
    assert client.get(second).content != answer.content


def test_what_is_not_public_has_no_card(client, section):
    story = factories.make_story(section)
    address = shared(client, story)
    restriction = PageViewRestriction.objects.create(page=story, restriction_type="login")
    assert client.get(address).status_code == 404
    restriction.delete()
    story.unpublish()
    assert client.get(address).status_code == 404
    assert client.get(address.replace(f"/{story.pk}-", "/999999-")).status_code == 404
    assert client.post(address).status_code == 405


def test_the_pictures_own_middle_stands_beside_the_title(client, section):
    image = factories.make_image(1600, 900)
    story = factories.make_story(section, picture=image, picture_alt="Sininen seinä")
    address = shared(client, story)
    drawn = opened(client.get(address).content)
    assert near(drawn.getpixel((cards.WIDTH - 10, 300)), (0x14, 0x50, 0x6B))
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 1590, 450, 4, 4
    image.save()
    moved = shared(client, story)
    assert moved != address
    assert near(opened(client.get(moved).content).getpixel((cards.WIDTH - 10, 300)), (0xB0, 0x30, 0x20))
    # Its file is gone: the title has the whole card.
    image.file.storage.delete(image.file.name)
    card = replace(cards.card_of(story), title="Toinen")
    assert near(opened(cards.draw(card, image)).getpixel((600, 4)), (0x8A, 0x3C, 0x6E))


@pytest.mark.parametrize("face", Face.values)
@pytest.mark.parametrize("title", ["Työ", "Pitkähkö otsikko, joka menee kahdelle riville", LONG, "Šamaanin žurnaali – Ǩiõll", "x" * 400])
def test_every_title_has_room(title, face):
    for width in (cards.WIDTH - 2 * cards.MARGIN, cards.WIDTH - cards.PICTURE - 2 * cards.MARGIN):
        size, lines = cards._fitted(title, cards.TITLES[Face(face)], width)
        assert len(lines) * size * cards.LEADING <= cards.BODY
        assert all(cards._length(line, cards.TITLES[Face(face)], size) <= width for line in lines)
    assert opened(cards.draw(cards.Card(title, "Teema", "sv", "", face), None)).size == cards.SIZE
