"""Pictures on public pages: every browser gets the file that fits, and nobody waits for it to be made."""

from __future__ import annotations

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.models import Locale

from base import pictures
from base.models import Rendition
from base.tasks import in_this_process
from tests import factories


def markup(image, shape="figure", **options):
    return BeautifulSoup(pictures.shown(image, shape, **options), "html.parser").picture


def widths(source):
    return [int(entry.split()[1][:-1]) for entry in source["srcset"].split(", ")]


def opened(rendition):
    with rendition.file.open() as file:
        return Image.open(BytesIO(file.read())).convert("RGB")


def pictured(section, image=None, **values):
    return factories.make_story(section, **({"picture": image or factories.make_image(), "picture_alt": "Punainen reuna"} | values))


def test_each_browser_gets_its_format_and_its_width(db):
    found = markup(factories.make_image(1400, 933), alt="Konepaja")
    assert [source["type"] for source in found.find_all("source")] == ["image/avif", "image/webp"]
    assert [widths(source) for source in found.find_all("source")] == [[400, 700, 1000, 1350]] * 2
    assert all(source["sizes"] for source in found.find_all("source"))
    assert (found.img["width"], found.img["height"], found.img["alt"], found.img["loading"]) == ("700", "466", "Konepaja", "lazy")
    forms = {Image.open(rendition.file).format for rendition in Rendition.objects.all()}
    assert forms == {"AVIF", "WEBP", "JPEG"}


def test_a_small_picture_is_not_blown_up(db):
    found = markup(factories.make_image(500, 300))
    assert widths(found.source) == [400, 500]
    assert found.img["width"] == "500"


def test_a_drawing_falls_back_to_its_own_format(db):
    assert markup(factories.make_image(form="PNG")).img["src"].endswith(".png")


def test_only_the_first_picture_hurries(db):
    image = factories.make_image()
    assert "fetchpriority" not in markup(image).img.attrs
    first = markup(image, "hero", is_first=True).img
    assert first["fetchpriority"] == "high"
    assert "loading" not in first.attrs


def test_a_cut_follows_the_focal_point(db):
    # The red edge is the last tenth of a wide picture: cut in the middle it is lost, around the focal point it stays.
    middle = factories.make_image(900, 150)
    edge = factories.make_image(900, 150, focal_point_x=870, focal_point_y=75, focal_point_width=30, focal_point_height=30)
    for image, is_red in ((middle, False), (edge, True)):
        pictures.shown(image, "row")
        cut = opened(image.renditions.filter(filter_spec__contains="jpeg").first())
        red, _green, blue = cut.getpixel((cut.width - 5, cut.height // 2))
        assert (red > blue) is is_red
        assert cut.width / cut.height == pytest.approx(1.5, abs=0.02)


def test_a_picture_whose_file_is_gone_breaks_no_page(client, section):
    image = factories.make_image()
    story = pictured(section, image)
    image.file.storage.delete(image.file.name)
    image.renditions.all().delete()
    page = client.get(story.url)
    assert page.status_code == 200
    assert "<picture" not in page.content.decode()


def test_an_article_shows_its_picture_with_caption_and_credit(client, section):
    story = pictured(section, picture_caption="Konepajan kahvihuone")
    figure = BeautifulSoup(client.get(story.url).content, "html.parser").select_one("figure.story__picture")
    assert figure.img["alt"] == "Punainen reuna"
    assert figure.img["fetchpriority"] == "high"
    assert "Konepajan kahvihuone" in figure.get_text()
    assert "Kuvaaja" in figure.get_text()


def test_a_translation_has_the_picture_and_words_of_its_own(client, section):
    story = pictured(section)
    swedish = story.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    swedish.picture_alt = "Röd kant"
    swedish.save_revision().publish()
    assert swedish.picture_id == story.picture_id
    assert 'alt="Röd kant"' in client.get(swedish.url).content.decode()


def test_the_picture_of_a_row_is_not_read_out(client, section):
    pictured(section)
    row = BeautifulSoup(client.get(section.url).content, "html.parser").select_one(".story-row--pictured")
    assert row.img["alt"] == ""


@pytest.mark.parametrize("place", ["section", "home", "article"])
def test_lists_of_pictured_pages_cost_the_same_queries(client, section, place):
    story = pictured(section)
    address = {"section": section.url, "home": section.get_parent().url, "article": story.url}[place]

    def queries():
        client.get(address)
        # Another process has not seen these pictures yet.
        Rendition.cache_backend.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    pictured(section)
    pictured(section)
    few = queries()
    for _ in range(4):
        pictured(section)
    assert queries() <= few


def test_the_files_are_there_before_the_first_visitor(client, section, django_capture_on_commit_callbacks):
    with in_this_process(), django_capture_on_commit_callbacks(execute=True):
        story = pictured(section)
    made = Rendition.objects.count()
    for page in (story, section, section.get_parent()):
        client.get(page.url)
    assert Rendition.objects.count() == made > 0


def test_another_focal_point_is_cut_before_the_next_visitor(client, section, django_capture_on_commit_callbacks):
    with in_this_process(), django_capture_on_commit_callbacks(execute=True):
        story = pictured(section)
        image = story.picture
        image.focal_point_x = image.focal_point_y = image.focal_point_width = image.focal_point_height = 100
        image.save()
    made = Rendition.objects.count()
    client.get(section.url)
    assert Rendition.objects.count() == made


def test_a_picture_that_stands_nowhere_has_no_files(db, django_capture_on_commit_callbacks):
    with in_this_process(), django_capture_on_commit_callbacks(execute=True):
        factories.make_image()
    assert not Rendition.objects.exists()
