"""Publishing the source brings its facts to every language at once, and its texts to the translators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation

from base.page_changes import generation
from base.roles import Role
from base.translations.states import State, states_of
from pages.models import ResultPage
from tests import factories
from tests.translations.making import fill, started, translated


def words_of(page, path):
    return StringTranslation.objects.filter(locale=page.locale, context__path=path, context__object_id=page.translation_key)


def change(page, **values):
    page = type(page).objects.get(pk=page.pk)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def fresh(page):
    return type(page).objects.get(pk=page.pk)


@pytest.fixture
def event(home):
    return factories.make_event_page(factories.make_events_page(home))


def test_facts_of_an_event_reach_the_translation_at_once(event, django_capture_on_commit_callbacks):
    swedish = translated(event, words={"place": "Tammerfors"})
    before = generation().value()
    with django_capture_on_commit_callbacks(execute=True):
        change(event, starts_at=event.starts_at + timedelta(days=1), ends_at=event.ends_at + timedelta(days=1), place="Oulu")
    moved = fresh(swedish)
    assert (moved.starts_at, moved.place, moved.live) == (event.starts_at + timedelta(days=1), "Oulu", True)
    assert moved.lead == "sv Tule mukaan"
    assert generation().value() > before


def test_a_place_that_did_not_change_keeps_its_translation(event):
    swedish = translated(event, words={"place": "Tammerfors"})
    change(event, capacity=12)
    assert (fresh(swedish).place, fresh(swedish).capacity) == ("Tammerfors", 12)


def test_goals_project_and_ticks_follow_and_texts_do_not(story):
    swedish = translated(story)
    goal = factories.make_goal(story.theme)
    changed = fresh(story)
    changed.goals, changed.lead = [goal], "Toinen ingressi"
    changed.save_revision().publish()
    assert list(fresh(swedish).goals.all()) == [goal]
    assert fresh(swedish).lead.startswith("sv ")
    assert states_of([story])[story.translation_key][1].state is State.OUTDATED


def test_a_draft_follows_and_its_texts_stay(story):
    draft = started(story)
    fill(draft).save_target(publish=False)
    change(story, show_in_menus=True, goals=[factories.make_goal(story.theme)])
    newest = fresh(draft).get_latest_revision_as_object()
    assert [goal.pk for goal in newest.goals.all()] == [goal.pk for goal in fresh(story).goals.all()]
    assert (newest.lead.startswith("sv "), newest.show_in_menus, fresh(draft).live) == (True, False, False)


def test_what_the_translator_chose_otherwise_stays(section):
    from wagtail_localize.models import OverridableSegment, SegmentOverride

    result = factories.publish(ResultPage(title="Tulos", slug="tulos", lead="Ingressi", finding="Löydös", evidence="Näyttö"), section)
    swedish = translated(result)
    segment = OverridableSegment.objects.get(context__path="licence")
    SegmentOverride.objects.create(context=segment.context, locale=swedish.locale, data_json='"CC0"')
    ResultPage.objects.filter(pk=swedish.pk).update(licence="CC0")
    change(result, licence="CC BY-SA 4.0")
    assert fresh(swedish).licence == "CC0"


def test_what_the_gate_refuses_waits_and_does_not_stop_the_source(story):
    swedish = translated(story)
    type(swedish).objects.filter(pk=swedish.pk).update(title="X" * 150)
    changed = change(story, goals=[factories.make_goal(story.theme)])
    assert changed.live
    assert fresh(swedish).has_unpublished_changes


def test_the_address_is_made_of_the_translated_title_and_lasts(story):
    swedish = translated(story, words={"title": "Så här når vi målen"})
    assert fresh(swedish).slug == "sa-har-nar-vi-malen"
    change(story, slug="aivan-toinen")
    translation = fill(swedish, {"title": "En annan rubrik"})
    words_of(swedish, "title").update(data="En annan rubrik")
    translation.save_target(publish=False)
    assert fresh(swedish).slug == "sa-har-nar-vi-malen"


def test_an_address_that_was_typed_stays(story):
    draft = started(story)
    segment = Translation.objects.get(target_locale=draft.locale, source__object_id=story.translation_key).source.stringsegment_set.get(
        context__path="slug"
    )
    StringTranslation.objects.create(
        translation_of=segment.string, context=segment.context, locale=draft.locale, data="eget", translation_type="manual"
    )
    fill(draft).save_target(publish=False)
    assert fresh(draft).slug == "eget"


def publish(client, page):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {"action": "publish"}, follow=True).content.decode()


def test_publishing_waits_for_the_last_text(cast, story):
    draft = started(story)
    fill(draft)
    words_of(draft, "lead").delete()
    client = cast.enter(Role.COMMUNICATIONS)
    client.cookies["django_language"] = "en"
    text = publish(client, draft)
    assert f"“{story.lead}”" in text
    assert not fresh(draft).live
    assert words_of(draft, "title").exists()


def test_the_gate_speaks_before_anything_is_saved(cast, story, django_capture_on_commit_callbacks):
    swedish = translated(story)
    words_of(swedish, "title").update(data="LÄS DETTA GENAST ALLIHOPA")
    client, revision = cast.enter(Role.COMMUNICATIONS), fresh(swedish).latest_revision_id
    with django_capture_on_commit_callbacks(execute=True):
        text = publish(client, swedish)
    assert fresh(swedish).title == swedish.title
    assert fresh(swedish).latest_revision_id == revision
    assert Page.objects.get(pk=swedish.pk).live
    assert "messages" in text
    assert words_of(swedish, "title").get().data == "LÄS DETTA GENAST ALLIHOPA"


def test_the_translator_sees_what_changed(cast, story):
    swedish = translated(story)
    change(story, lead="Aivan uusi ingressi")
    text = cast.enter(Role.COMMUNICATIONS).get(reverse("wagtailadmin_pages:edit", args=[swedish.pk])).content.decode()
    assert f"<del>{story.lead}</del>" in text
    assert "<ins>Aivan uusi ingressi</ins>" in text
    assert f"sv {story.lead}" in text


def test_a_whole_translation_is_published(cast, story, django_capture_on_commit_callbacks):
    draft = started(story)
    fill(draft, {"title": "En hel artikel"})
    with django_capture_on_commit_callbacks(execute=True):
        publish(cast.enter(Role.COMMUNICATIONS), draft)
    assert (fresh(draft).live, fresh(draft).slug) == (True, "en-hel-artikel")
