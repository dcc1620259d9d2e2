"""Who wrote a story, and the series that it is part of."""

from __future__ import annotations

import json

from django.urls import reverse
from wagtail.models import Locale

from base.roles import Role
from pages.models import StorySeries
from tests import factories


def test_parts_stand_in_order_and_lead_to_each_other_in_each_language(client, section):
    office = factories.make_organisation(section.theme, name_fi="Harjuvirta Oy", name_sv="Harjuvirta Ab")
    series = StorySeries.objects.create(theme=section.theme, name_fi="Työpaikka kokeili", name_sv="Arbetsplatsen prövade")
    third = factories.make_story(section, title="Kolmas", series=series)
    writer = {"author_name": "Maija Esimerkki", "author_role": "toimittaja", "author_organisation": office}
    second = factories.make_story(section, title="Toinen", series=series, series_part=2, **writer)
    first = factories.make_story(section, title="Eka", series=series, series_part=1, author_organisation=office)
    text = client.get(second.url).content.decode()
    assert "Maija Esimerkki, toimittaja, Harjuvirta Oy" in text
    assert "Sarja: Työpaikka kokeili" in text
    assert text.index(f'<li><a href="{first.url}">Eka') < text.index('aria-current="page">Toinen') < text.index(f'<li><a href="{third.url}">Kolmas')
    assert f'rel="prev" href="{first.url}"' in text
    assert f'rel="next" href="{third.url}"' in text
    assert 'rel="prev"' not in client.get(first.url).content.decode()
    [graph] = [json.loads(part.split("</script>")[0]) for part in text.split('<script type="application/ld+json">')[1:]]
    [article] = [part for part in graph["@graph"] if part["@type"] == "NewsArticle"]
    assert article["author"]["name"] == "Maija Esimerkki"
    assert article["author"]["worksFor"]["name"] == "Harjuvirta Oy"
    assert (article["isPartOf"]["name"], article["position"]) == ("Työpaikka kokeili", 2)
    entries = {item["title"]: item.get("authors") for item in client.get(f"{section.feed_path}.json").json()["items"]}
    assert entries == {"Eka": [{"name": "Harjuvirta Oy"}], "Toinen": [{"name": "Maija Esimerkki"}], "Kolmas": None}
    assert "<name>Maija Esimerkki</name>" in client.get(f"{section.feed_path}.atom").content.decode()
    other = second.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    other.title, other.author_role = "Andra", "redaktör"
    other.save_revision().publish()
    swedish = client.get(other.url).content.decode()
    assert "Maija Esimerkki, redaktör, Harjuvirta Ab" in swedish
    assert "Serie: Arbetsplatsen prövade" in swedish
    assert "Kolmas" not in swedish


def test_communications_keep_the_series(section, cast):
    staff = cast.enter(Role.COMMUNICATIONS)
    words = {"name_fi": "Uusi sarja", "theme": section.theme.pk} | {f"{name}_{code}": "" for name in ("name", "description") for code in ("sv", "en")}
    answer = staff.post(reverse(StorySeries.snippet_viewset.get_url_name("add")), words | {"description_fi": ""})
    assert answer.status_code == 302
    assert StorySeries.objects.get().name == "Uusi sarja"
    outsider = cast.enter(Role.PROJECTS)
    assert outsider.get(reverse(StorySeries.snippet_viewset.get_url_name("list"))).status_code == 403
