"""Publications: what a page shows of one, how its downloads are counted, and what is refused."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Locale

from base.gate.guard import NotPublishable
from base.models import SiteDocument
from base.roles import Role
from contacts.models import Tally
from pages.models import PublicationPage
from tests import factories
from tests.reach.readers import PERSON
from themes import measures
from themes.models import ExpectedResult

FACTS = {
    "authors": "Esimerkki, Maija\nHarjuvirran kehitysyhtiö",
    "year": 2025,
    "series": "Työelämän raportteja 4/2025",
    "publisher": "Kaarisillan työelämäsäätiö",
    "issn": "0317-8471",
    "doi": "10.1234/tyo.2025",
}


@pytest.fixture(autouse=True)
def _no_limits_of_earlier_tests():
    cache.clear()


@pytest.fixture(scope="module")
def made_section(shared_db):
    home = factories.make_home(factories.make_theme())
    factories.make_goal(home.theme, measure="downloads")
    return factories.make_section(home)


def make_document(**values):
    file = ContentFile(b"%PDF-1.7 " + b"0" * 340_000 + b"%%EOF", "raportti.pdf")
    document = SiteDocument(**({"title": "Raportti", "file": file, "is_by_others": True} | values))
    document._set_document_file_metadata()
    document.save()
    return document


def make_publication(section, document, **values):
    files = [("file", {"document": document, "language": "sv", "isbn": "9789522649874"})] if document else []
    words = {"title": "Työnimu näkyviin", "slug": "tyonimu-nakyviin", "lead": "Ingressi", "abstract": "<p>Mitä saatiin selville</p>", "files": files}
    return factories.publish(PublicationPage(**(words | FACTS | values)), section)


def test_a_publication_shows_its_facts_files_and_how_to_cite_it(client, section):
    document = make_document()
    page = make_publication(section, document)
    text = client.get(page.url).content.decode()
    words = ["Esimerkki, Maija; Harjuvirran kehitysyhtiö", "Työelämän raportteja 4/2025", "0317-8471", 'href="https://doi.org/10.1234/tyo.2025"']
    words += ["ruotsi, PDF, 340 kilotavua, ISBN 978-952-264-987-4", f'href="{document.url}"', "Mitä saatiin selville", "CC BY 4.0"]
    words += [
        "Esimerkki, Maija; Harjuvirran kehitysyhtiö (2025). Työnimu näkyviin. Työelämän raportteja 4/2025. Kaarisillan työelämäsäätiö. https://doi.org/"
    ]
    assert [word for word in words if word not in text] == []
    [graph] = [json.loads(part.split("</script>")[0]) for part in text.split('<script type="application/ld+json">')[1:]]
    [described] = [part for part in graph["@graph"] if part["@type"] == "Report"]
    assert [author["name"] for author in described["author"]] == ["Maija Esimerkki", "Harjuvirran kehitysyhtiö"]
    assert described["encoding"][0]["encodingFormat"] == "application/pdf"
    assert described["identifier"] == ["978-952-264-987-4", "doi:10.1234/tyo.2025"]
    other = page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    other.title, other.form = "Arbetsengagemang", "article"
    other.save_revision().publish()
    swedish = client.get(other.url).content.decode()
    for word in ("svenska, PDF, 340 kilobyte", "Så här citerar du", '"ScholarlyArticle"'):
        assert word in swedish, word
    for question in ("Esimerkki", "10.1234/tyo.2025", "978-952-264-987-4"):
        assert page.title in client.get("/fi/search/", {"q": question}).content.decode(), question
    row = client.get(section.url).content.decode()
    assert "Esimerkki, Maija; Harjuvirran kehitysyhtiö (2025)" in row
    assert page.title in client.get(f"{section.feed_path}.atom").content.decode()


def test_what_is_missing_or_wrong_is_said_at_its_field(section):
    for name, value in (("issn", "0317-8472"), ("doi", "doi.org/10.1"), ("year", 1492), ("authors", "")):
        with pytest.raises(ValidationError) as refused:
            make_publication(section, None, slug=f"ilman-{name}", **{name: value})
        assert list(refused.value.message_dict) == [name]
    with pytest.raises(NotPublishable) as refusal:
        make_publication(section, None)
    assert [finding.code for finding in refusal.value.findings] == ["publication.files"]
    block = PublicationPage._meta.get_field("files").stream_block.child_blocks["file"].child_blocks["isbn"]
    with pytest.raises(ValidationError):
        block.clean("978-952-264-987-5")
    assert block.clean("978-952-264-987-4")


def get(client, document, method="get", **headers):
    return getattr(client, method)(document.url, headers={"user-agent": PERSON} | headers)


def test_a_download_is_counted_once_and_of_people_alone(client, section, cast):
    document = make_document()
    page = make_publication(section, document)
    goal = page.goals.get()
    assert measures.get("downloads").daily([goal.pk]) == {goal.pk: {}}
    ExpectedResult.objects.get(goal=goal, measure="downloads").full_clean()
    answer = get(client, document)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer.cookies == {}
    assert get(client, document, range="bytes=0-").status_code == 206
    for method, headers in (
        ("head", {}),
        ("get", {"range": "bytes=1000-"}),
        ("get", {"range": "bytes=0-1"}),
        ("get", {"sec-purpose": "prefetch"}),
        ("get", {"if-none-match": answer["ETag"]}),
        ("get", {"sec-gpc": "1"}),
        ("get", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}),
    ):
        assert get(client, document, method, **headers).status_code in {200, 206, 304}
    assert measures.get("downloads").daily([goal.pk]) == {goal.pk: {timezone.localdate(): 2}}
    staff = cast.enter(Role.COMMUNICATIONS)
    get(staff, document)
    assert "2 latausta yhteensä" in staff.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert Tally.objects.get().count == 2


def test_a_download_belongs_to_the_page_that_its_link_was_on(client, section):
    document, other = make_document(), make_document(title="Muu")
    files = [("files", {"title": "", "items": [{"document": document, "title": ""}]})]
    story = factories.make_story(section, body=files)
    page = make_publication(section, document)
    translation = page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    translation.save_revision().publish()
    get(client, document)
    get(client, document, referer=f"http://testserver{story.url}?a=1")
    get(client, document, referer=f"http://testserver{translation.url}")
    get(client, document, referer="https://elsewhere.example/")
    get(client, other)
    rows = Tally.objects.values_list("outreach__item_key", "language", "count").order_by("-outreach__kind", "language")
    assert list(rows) == [(story.translation_key, "fi", 1), (page.translation_key, "fi", 2), (page.translation_key, "sv", 1)]


def test_a_private_collection_stays_private(client, section):
    private = Collection.get_first_root_node().add_child(name="Sisäinen")
    CollectionViewRestriction.objects.create(collection=private, restriction_type=CollectionViewRestriction.LOGIN)
    document = make_document(collection=private)
    make_publication(section, document)
    assert get(client, document).status_code == 302
    assert not Tally.objects.exists()
