"""The state of each language in the list, in the report, and beside the editor."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource

from base.roles import Role
from base.translations.states import State, lacking, sources, states_of
from tests import factories
from tests.translations.making import fill, started, translated


def states(page):
    return {state.language_code: state.state for state in states_of([page])[page.translation_key]}


def asked(code):
    return {state: set(sources().filter(lacking(code, state))) for state in (State.MISSING, State.DRAFT, State.OUTDATED)}


def change(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    TranslationSource.update_or_create_from_instance(page)


def test_from_missing_to_draft_to_published_to_out_of_date(story):
    plain = Page.objects.get(pk=story.pk)
    assert states(story) == {"fi": State.PUBLISHED, "sv": State.MISSING, "en": State.MISSING}
    assert plain in asked("sv")[State.MISSING]
    started(story)
    assert states(story)["sv"] is State.DRAFT
    assert (plain in asked("sv")[State.MISSING], plain in asked("sv")[State.DRAFT]) == (False, True)
    swedish = Page.objects.get(translation_key=story.translation_key, locale__language_code="sv").specific
    fill(swedish).save_target(publish=False)
    Page.objects.get(pk=swedish.pk).get_latest_revision().publish()
    assert states(story)["sv"] is State.PUBLISHED
    assert plain not in set.union(*asked("sv").values())
    change(story, lead="Aivan uusi ingressi")
    assert states(story)["sv"] is State.OUTDATED
    assert states_of([story])[story.translation_key][1].waiting == 1
    assert plain in asked("sv")[State.OUTDATED]


def test_an_alias_is_no_translation(story):
    translated(story.get_parent().specific)
    story.copy_for_translation(Locale.objects.get(language_code="sv"), alias=True)
    assert states(story)["sv"] is State.MISSING


def test_the_explorer_tells_in_words_and_leads_to_the_work(cast, story):
    swedish = translated(story)
    page = cast.enter(Role.COMMUNICATIONS).get(reverse("wagtailadmin_explore", args=[story.get_parent().pk]))
    text = page.content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[swedish.pk]) in text
    assert f"{reverse('translations:start')}?pages={story.pk}&amp;languages=en" in text
    assert "language-state--missing" in text


def test_the_editor_has_the_states_beside_it(cast, story):
    text = cast.enter(Role.COMMUNICATIONS).get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    assert f"{reverse('translations:start')}?pages={story.pk}&amp;languages=sv" in text


def test_a_translation_is_started_in_two_clicks(cast, story):
    translated(story.get_parent().specific)
    client, address = cast.enter(Role.COMMUNICATIONS), reverse("translations:start")
    assert client.get(address, {"pages": story.pk, "languages": "sv"}).status_code == 200
    answer = client.post(address, {"pages": story.pk, "languages": "sv"})
    draft = Page.objects.get(translation_key=story.translation_key, locale__language_code="sv")
    assert answer.url == f"{reverse('translations:sheet', args=[story.pk])}?languages=sv"
    assert not draft.live
    assert client.post(address, {"pages": story.pk}).context["is_refused"]


def test_many_are_started_at_once(cast, story):
    other = factories.make_story(story.get_parent().specific)
    for code in ("sv", "en"):
        translated(story.get_parent().specific, code)
    cast.enter(Role.COMMUNICATIONS).post(reverse("translations:start"), {"pages": [story.pk, other.pk], "languages": ["sv", "en"]})
    assert [states(page)[code] for page in (story, other) for code in ("sv", "en")] == [State.DRAFT] * 4


@pytest.mark.parametrize(("role", "status"), [(Role.COMMUNICATIONS, 200), (Role.ORGANISERS, 200), (Role.COORDINATORS, 302), (None, 302)])
def test_who_sees_the_report(cast, story, role, status):
    client = cast.enter(role)
    assert client.get(reverse("translations:report")).status_code == status
    assert client.get(reverse("translations:start"), {"pages": story.pk, "languages": "sv"}).status_code == status


def test_the_report_narrows_and_is_exported(cast, story):
    client, address = cast.enter(Role.COMMUNICATIONS), reverse("translations:report")
    translated(story)
    section = story.get_parent()

    def titles(**asked):
        rows = list(csv.reader(io.StringIO(b"".join(client.get(address, asked | {"export": "csv"}).streaming_content).decode("utf-8-sig"))))
        return {row[0] for row in rows[1:]}

    assert story.title in titles()
    assert story.title not in titles(language="sv")
    assert story.title in titles(language="en", state="missing")
    assert story.title not in titles(language="en", state="draft")
    assert titles(section=section.pk) == {section.title, story.title}
    assert story.title not in titles(content_type=section.content_type_id)
    assert story.title not in titles(age="7")
    assert client.get(address, {"export": "xlsx"}).status_code == 200
    assert story.title in client.get(address).content.decode()
