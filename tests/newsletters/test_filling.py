"""“Fill in” puts into the draft what is new, once; and says which page lacks which language."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from base.roles import Role
from newsletters import filling, issues, languages
from newsletters.models import IssuePage, NewsletterPage, Subscription
from pages.models import ResultPage
from tests import factories
from tests.cast import Cast
from tests.translations.making import translated

pytestmark = pytest.mark.django_db
TEXT = ("paragraph", "<p>Luettavaa</p>")


def fill(issue):
    groups = filling.fill_in(IssuePage.objects.get(pk=issue.pk), by=None)
    return [(group.heading, [page.title for page in group.pages]) for group in groups]


def draft_of(issue):
    return [(block.block_type, str(block.value)) for block in IssuePage.objects.get(pk=issue.pk).get_latest_revision_as_object().body]


def send(letter, **values):
    if not letter.newsletter.subscriptions.exists():
        person = factories.make_person(letter.theme)
        Subscription.objects.create(newsletter=letter.newsletter, person=person, language="fi", state="confirmed", asked_at=timezone.now())
    issue = factories.make_issue(NewsletterPage.objects.get(pk=letter.pk), **values)
    issues.send_issue(IssuePage.objects.get(pk=issue.pk))
    return issue


def test_what_is_new_comes_by_kind_newest_first_with_events_and_calls_to_come(letter, home):
    section = factories.make_section(home)
    with time_machine.travel(timezone.now() - timedelta(days=10), tick=True):
        before, shown_before = factories.make_story(section), factories.make_story(section)
        send(letter, body=[TEXT, ("item", shown_before)])
    older = factories.make_story(section)
    newer = factories.make_story(section)
    result = factories.publish(
        ResultPage(title="Tulos yksi", slug="tulos-1", lead="Mitä saatiin", finding="Se toimii", evidence="<p>Kysely</p>"), section
    )
    draft_story = factories.make_story_draft(section)
    event = factories.make_event_page(factories.make_events_page(home))
    call = factories.make_call_page(factories.make_calls_page(home))
    issue = factories.make_issue(NewsletterPage.objects.get(pk=letter.pk), body=[TEXT])
    added = fill(issue)
    assert added == [
        ("Jutut", [newer.title, older.title]),
        ("Tulokset", [result.title]),
        ("Tulevat tapahtumat", [event.title]),
        ("Avoimet haut", [call.title]),
    ]
    kinds = [kind for kind, _value in draft_of(issue)]
    assert kinds == ["paragraph", "heading", "item", "item", "heading", "item", "coming_events", "open_calls"]
    assert before.title not in str(draft_of(issue))
    assert draft_story.title not in str(draft_of(issue))
    # The page that readers see has not changed.
    assert len(IssuePage.objects.get(pk=issue.pk).body) == 1


def test_filled_in_again_it_adds_only_what_has_come_since_below_its_heading(letter, home):
    section = factories.make_section(home)
    first = factories.make_story(section)
    issue = factories.make_issue(letter, body=[TEXT])
    fill(issue)
    assert fill(issue) == []
    draft = IssuePage.objects.get(pk=issue.pk).get_latest_revision_as_object()
    draft.body.append(("paragraph", "<p>Lopuksi</p>"))
    draft.save_revision()
    second = factories.make_story(section)
    assert fill(issue) == [("Jutut", [second.title])]
    assert [value for _kind, value in draft_of(issue)][1:4] == ["Jutut", first.title, second.title]
    assert draft_of(issue)[-1][0] == "paragraph"


def test_a_new_translation_of_an_old_page_is_no_news(letter, home):
    section = factories.make_section(home)
    with time_machine.travel(timezone.now() - timedelta(days=90), tick=True):
        story = factories.make_story(section)
    for page in (home, section, story):
        page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True).save_revision().publish()
    assert fill(factories.make_issue(letter, body=[TEXT])) == []


def test_a_revision_of_its_own_may_be_published(letter, home):
    factories.make_story(factories.make_section(home))
    factories.make_event_page(factories.make_events_page(home))
    issue = factories.make_issue(letter, body=[TEXT])
    fill(issue)
    IssuePage.objects.get(pk=issue.pk).get_latest_revision().publish()
    assert [block.block_type for block in IssuePage.objects.get(pk=issue.pk).body] == ["paragraph", "heading", "item", "coming_events"]


def test_the_button_says_what_was_put_in_and_sent_issues_take_nothing(letter, home, client):
    cast = Cast(client)
    story = factories.make_story(factories.make_section(home))
    issue = factories.make_issue(letter, body=[TEXT])
    path = f"/admin/newsletters/issues/{issue.pk}/fill/"
    cast.enter(Role.ORGANISERS)
    assert client.post(path).status_code == 403
    cast.enter(Role.COMMUNICATIONS)
    assert client.get(path).status_code == 405
    # As a browser does it: with the token of the form that stands beside the editor.
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.user(Role.COMMUNICATIONS))
    form = BeautifulSoup(strict.get(f"/admin/pages/{issue.pk}/edit/").content.decode(), "html.parser").find("form", action=path)
    answer = strict.post(path, {"csrfmiddlewaretoken": form.find("input", attrs={"name": "csrfmiddlewaretoken"})["value"]}, follow=True)
    assert story.title in " ".join(str(message) for message in answer.context["messages"])
    again = client.post(path, follow=True)
    assert story.title not in " ".join(str(message) for message in again.context["messages"])
    sent = send(letter)
    before = draft_of(sent)
    client.post(f"/admin/newsletters/issues/{sent.pk}/fill/")
    assert draft_of(sent) == before


def test_the_editor_is_told_which_page_lacks_which_language(letter, home, client):
    section = factories.make_section(home)
    whole, finnish = factories.make_story(section), factories.make_story(section)
    for page in (home, letter, section, whole):
        page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True).save_revision().publish()
    issue = factories.make_issue(letter, body=[("item", whole), ("item", finnish)])
    rows = [(row.title, [state.language_code for state in row.states]) for row in languages.lacking(issue)]
    # The newsletter has no English page, so nobody reads it in English.
    assert rows == [(issue.title, ["sv"]), (finnish.title, ["sv"])]
    Cast(client).enter(Role.COMMUNICATIONS)
    shown = client.get(f"/admin/pages/{issue.pk}/edit/").content.decode()
    assert f"/start/?pages={finnish.pk}&amp;languages=sv" in shown or f"pages={finnish.pk}&amp;languages=sv" in shown
    assert whole.title not in [row.title for row in languages.lacking(issue)]


def test_many_pages_take_no_more_queries(letter, home):
    section = factories.make_section(home)

    def queries(number):
        issue = factories.make_issue(NewsletterPage.objects.get(pk=letter.pk), body=[("item", factories.make_story(section)) for _ in range(number)])
        issue = IssuePage.objects.get(pk=issue.pk)
        with CaptureQueriesContext(connection) as found:
            languages.lacking(issue)
            filling.proposals(issue)
        return len(found)

    queries(1)
    assert queries(2) == queries(12)


def test_a_filled_issue_can_be_translated_and_its_headings_are_known_in_each_language(letter, home, client):
    for code in ("sv", "en"):
        translated(home, code)
        translated(letter, code)
    factories.make_story(factories.make_section(home))
    factories.make_event_page(factories.make_events_page(home))
    draft = factories.make_issue(NewsletterPage.objects.get(pk=letter.pk), body=[TEXT])
    fill(draft)
    IssuePage.objects.get(pk=draft.pk).get_latest_revision().publish()
    client = Cast(client).enter(Role.COMMUNICATIONS)
    page = BeautifulSoup(client.get(reverse("translations:sheet", args=[draft.pk])).content, "html.parser")
    suggested = [area.text.strip() for area in page.select(".k-sheet textarea") if area.text.strip()]
    assert suggested == ["Artiklar", "Stories"]
    assert len(page.select(".k-sheet .k-rows > li")) == 2


def test_only_the_headings_of_fill_in_are_known():
    assert filling.heading_in("Tulokset", "fi", "sv") == "Resultat"
    assert filling.heading_in("Tulos", "fi", "sv") == ""
