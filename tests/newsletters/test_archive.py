"""The newsletter's issues on the web: a feed of each external one, and the way from issue to issue."""

from __future__ import annotations

from datetime import timedelta

import feedparser
import pytest
import time_machine
from django.utils import timezone

from newsletters import issues
from newsletters.models import IssuePage, NewsletterPage, Subscription
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return factories.make_home(factories.make_theme())


def letter_of(home, **values):
    page = factories.make_newsletter_page(home, factories.make_newsletter(home.theme, **values))
    person = factories.make_person(home.theme)
    Subscription.objects.create(newsletter=page.newsletter, person=person, language="fi", state="confirmed", asked_at=timezone.now())
    return page


def send(letter, days, **values):
    with time_machine.travel(timezone.now() - timedelta(days=days), tick=True):
        issue = factories.make_issue(NewsletterPage.objects.get(pk=letter.pk), **values)
        issues.send_issue(IssuePage.objects.get(pk=issue.pk))
    return IssuePage.objects.get(pk=issue.pk)


def test_the_feed_has_the_issues_that_were_sent_with_all_that_is_in_them(home, client):
    letter, story = letter_of(home), factories.make_story(factories.make_section(home))
    calendar = factories.make_events_page(home)
    event = factories.make_event_page(calendar)
    rule = ("coming_events", {"title": "", "sub_theme": "", "region": "", "number": 3})
    first, second = send(letter, 9), send(letter, 2, body=[("paragraph", "<p>Luettavaa</p>"), ("item", story), rule])
    factories.make_issue(NewsletterPage.objects.get(pk=letter.pk), title="Ei lähetetty")
    shown = client.get(letter.get_url()).content.decode()
    assert f'href="/fi/feeds/{letter.slug}.atom"' in shown
    feed = feedparser.parse(client.get(f"/fi/feeds/{letter.slug}.atom").content)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [second.title, first.title]
    content = feed.entries[0].content[0].value
    assert "Luettavaa" in content
    assert story.title in content
    assert event.title in content
    assert "sub_theme" not in content


def test_an_internal_newsletter_is_in_no_feed(home, client):
    letter = letter_of(home, scope="internal")
    send(letter, 2)
    assert client.get(f"/fi/feeds/{letter.slug}.atom").status_code == 404
    assert ".atom" not in client.get(letter.get_url()).content.decode()


def test_an_issue_leads_to_the_one_before_and_the_one_after(home, client):
    letter = letter_of(home)
    first, second, third = (send(letter, days) for days in (9, 5, 2))
    assert second.neighbours() == {"older": first, "newer": third}
    shown = client.get(second.get_url()).content.decode()
    assert f'rel="prev" href="{first.get_url()}"' in shown
    assert f'rel="next" href="{third.get_url()}"' in shown
    assert (first.neighbours()["older"], third.neighbours()["newer"]) == (None, None)
