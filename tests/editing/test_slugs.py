"""A slug that another page has: the editor says so at the field, in the editor's language, and keeps what was typed."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.users.models import UserProfile
from wagtail_localize.models import StringSegment, StringTranslation

from base.roles import Role
from pages.models import StoryPage
from tests import factories
from tests.gate.test_ways_in import form_of
from tests.translations.making import fill, started, translated


@pytest.mark.parametrize(("language", "words"), [("fi", "Lyhytnimi ”vartti” on jo käytössä"), ("sv", "Sluggen &#x27;vartti&#x27; används redan")])
def test_in_the_editor(cast, section, language, words):
    factories.make_story_draft(section, slug="vartti")
    story = factories.make_story_draft(section, slug="toinen")
    UserProfile.objects.create(user=cast.user(Role.COMMUNICATIONS), preferred_language=language)
    client = cast.enter(Role.COMMUNICATIONS)
    typed = form_of(story, title="Kirjoitettu otsikko", lead="Kirjoitettu ingressi", slug="vartti")
    for address in (
        reverse("wagtailadmin_pages:edit", args=[story.pk]),
        reverse("wagtailadmin_pages:add", args=["pages", "storypage", section.pk]),
    ):
        for action in ({}, {"action-publish": "1"}):
            answer = client.post(address, typed | action)
            form = answer.context["form"]
            assert list(form.errors) == ["slug"]
            text = answer.content.decode()
            for kept in (words, "Kirjoitettu otsikko", "Kirjoitettu ingressi"):
                assert kept in text, (address, kept)
            assert form["slug"].value() == "vartti"
            assert "täältä" in str(form["body"].value())
    assert StoryPage.objects.count() == 2


def test_in_a_translation(cast, section):
    translated(factories.make_story(section, slug="vartti"), words={"title": "Kvarten"})
    page = started(factories.make_story(section, slug="toinen"))
    source = fill(page).source
    segment = StringSegment.objects.get(source=source, context__path="slug")
    client = cast.enter(Role.COMMUNICATIONS)
    UserProfile.objects.create(user=cast.user(Role.COMMUNICATIONS), preferred_language="sv")
    translation = source.translations.get(target_locale=page.locale)
    field = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def type_slug(slug):
        return client.put(field, f"value={slug}", content_type="application/x-www-form-urlencoded").json()["error"]

    said = "En annan sida där har sluggen ”kvarten”. Skriv en annan slugg."
    assert type_slug("kvarten") == said
    for _time in range(2):
        answer = client.post(edit, {"action": "publish"}, follow=True)
        assert said in answer.content.decode()
        assert not Page.objects.get(pk=page.pk).live
    assert StringTranslation.objects.get(context=segment.context, locale=page.locale).data == "kvarten"
    # Free again.
    other = Page.objects.get(slug="kvarten")
    client.post(reverse("wagtailadmin_pages:delete", args=[other.pk]))
    client.post(edit, {"action": "publish"})
    assert StringTranslation.objects.get(context=segment.context, locale=page.locale).get_error() is None
    assert type_slug("en-annan") is None
