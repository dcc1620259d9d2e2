"""What a subscription is about, and when it rests: who gets an issue, and what becomes of it when people are merged or erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts import people
from newsletters import issues, personal
from newsletters.models import Newsletter, Subscription
from tests import factories
from themes.models import Region, SubTheme

State = Subscription.State


@pytest.fixture
def newsletter(db):
    return factories.make_newsletter(factories.make_theme())


def subscribe(newsletter: Newsletter, sub_themes=(), regions=(), **values) -> Subscription:
    person = factories.make_person(newsletter.theme)
    row = Subscription.objects.create(newsletter=newsletter, person=person, asked_at=timezone.now(), **({"state": State.CONFIRMED} | values))
    row.sub_themes.set(sub_themes)
    row.regions.set(regions)
    return row


def test_no_topic_is_everything_and_a_row_comes_once(newsletter):
    skills, health = factories.make_sub_theme(newsletter.theme), factories.make_sub_theme(newsletter.theme)
    north, south = Region.objects.all()[:2]
    everything = subscribe(newsletter)
    both = subscribe(newsletter, [skills, health])
    northern = subscribe(newsletter, [], [north])
    narrow = subscribe(newsletter, [health], [south])
    rows = Subscription.objects.filter(newsletter=newsletter)
    assert list(rows.interested_in(sub_themes=[skills, health]).order_by("pk")) == [everything, both, northern, narrow]
    assert set(rows.interested_in(sub_themes=[skills])) == {everything, both, northern}
    assert set(rows.interested_in(regions=[north])) == {everything, both, northern}
    assert set(rows.interested_in(sub_themes=SubTheme.objects.filter(pk=health.pk), regions=Region.objects.filter(pk=south.pk))) == {
        everything, both, narrow,
    }  # fmt: skip
    assert set(rows.interested_in()) == set(rows)


def test_whoever_paused_is_left_out_until_the_day_and_then_comes_back(newsletter):
    today = timezone.localdate()
    paused = subscribe(newsletter, paused_until=today + timedelta(days=1))
    back = subscribe(newsletter, paused_until=today)
    never = subscribe(newsletter)
    subscribe(newsletter, state=State.ENDED)
    assert set(Subscription.objects.mailable()) == {back, never}
    assert list(Subscription.objects.paused()) == [paused]


def test_an_issue_is_frozen_without_those_who_paused(newsletter):
    home = factories.make_home(newsletter.theme)
    issue = factories.make_issue(factories.make_newsletter_page(home, newsletter))
    subscribe(newsletter, paused_until=timezone.localdate() + timedelta(days=9))
    getting = subscribe(newsletter)
    mailing = issues.send_issue(issue)
    assert [row.recipient_key for row in mailing.deliveries.all()] == [getting.person.key]


def test_topics_are_exported_and_go_with_the_person(newsletter):
    skills, north = factories.make_sub_theme(newsletter.theme), Region.objects.first()
    row = subscribe(newsletter, [skills], [north])
    found = people.export_person(row.person)
    assert found["newsletters.Subscription_sub_themes"][0]["subtheme__name_fi"] == skills.name_fi
    assert found["newsletters.Subscription_regions"][0]["region__name_fi"] == north.name_fi
    people.erase_person(row.person)
    assert not any(getattr(Subscription, name).through.objects.exists() for name, _field in personal.TOPICS)


def test_a_merge_keeps_the_choice_and_the_longer_pause(newsletter):
    skills, until = factories.make_sub_theme(newsletter.theme), timezone.localdate() + timedelta(days=30)
    winner = subscribe(newsletter)
    loser = subscribe(newsletter, [skills], paused_until=until)
    people.merge_people(winner=winner.person, loser=loser.person)
    kept = Subscription.objects.get()
    assert (kept.paused_until, list(kept.sub_themes.all())) == (until, [skills])
