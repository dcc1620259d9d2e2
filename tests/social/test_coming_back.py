"""What comes back: figures that rise and fall, clicks of people and of machines, followers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db.models import Sum
from django.utils import timezone

from contacts.models import Tally
from social import engagement, engine
from social.models import Click, Delivery, Figure, Followers
from social.networks.wire import Figures
from tests import factories
from tests.social.conftest import make_account, make_post, send
from themes.measures import get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def sent(db, fakes):
    account = make_account(factories.make_theme(), "x")
    send(make_post(account, "Lue lisää", link="https://example.org/juttu"))
    engine.sweep()
    return Delivery.objects.select_related("variant__post").get()


def sums():
    return dict(Tally.objects.order_by().values_list("kind").annotate(n=Sum("count")))


def test_figures_become_tallies_of_days_and_measures(sent, fakes):
    fakes.x.posts[sent.remote_id].figures = {"impression_count": 50, "like_count": 4, "reply_count": 1}
    assert engagement.ask_for_figures() == 1
    assert engagement.ask_for_figures() == 1, "asked again, nothing is counted twice"
    assert sums() == {"impression": 50, "engagement": 5}
    goal = sent.variant.post.goals.get()
    read = {key: get(key).daily([goal.pk]) for key in ("post_impressions", "post_engagement", "post_clicks")}
    today = timezone.localdate()
    assert read == {"post_impressions": {goal.pk: {today: 50}}, "post_engagement": {goal.pk: {today: 5}}, "post_clicks": {goal.pk: {}}}


def test_a_sum_that_falls_takes_nothing_away_and_is_not_counted_twice(sent):
    began = timezone.now()
    for day, likes in enumerate((10, 7, 9, 14)):
        with time_machine.travel(began + timedelta(days=day), tick=False):
            engagement.note(sent, Figures(None, likes, 0, 0))
    numbers = list(Tally.objects.filter(kind="engagement").order_by("day").values_list("count", flat=True))
    assert numbers == [10, 4]
    assert list(Figure.objects.filter(kind="likes").order_by("day").values_list("total", flat=True)) == [10, 7, 9, 14]


def test_a_fall_within_a_day_is_of_that_day(sent):
    engagement.note(sent, Figures(None, 10, 0, 0))
    engagement.note(sent, Figures(None, 8, 0, 0))
    assert sums() == {"engagement": 8}


def test_the_short_link_leads_on_and_counts_people(sent, client, fakes):
    address = f"/s/{sent.token}/"
    assert sent.short_link.endswith(address)
    assert fakes.x.accepted[0].text == f"Lue lisää {sent.short_link}"
    answer = client.get(address, headers={"user-agent": BROWSER})
    assert (answer.status_code, answer["Location"]) == (302, "https://example.org/juttu")
    assert not answer.cookies
    for headers in (
        {"user-agent": "Twitterbot/1.0"},
        {"user-agent": ""},
        {"user-agent": BROWSER, "sec-purpose": "prefetch"},
        {"user-agent": BROWSER, "dnt": "1"},
    ):
        assert client.get(address, headers=headers).status_code == 302
    assert client.head(address, headers={"user-agent": BROWSER}).status_code == 302
    found = dict(Click.objects.values_list("rule", "number"))
    assert found == {"person": 1, "crawler": 1, "no_user_agent": 1, "prefetch": 1, "peace": 1, "head": 1}
    assert sums()["click"] == 1
    assert client.post(address).status_code == 405
    assert client.get("/s/olematon/", headers={"user-agent": BROWSER}).status_code == 404


def test_nothing_of_who_clicked_is_kept(sent, client):
    client.get(f"/s/{sent.token}/", headers={"user-agent": f"{BROWSER} Tunniste/77"}, REMOTE_ADDR="203.0.113.77")
    rows = [*Click.objects.values(), *Tally.objects.values(), *Delivery.objects.values()]
    assert "Tunniste" not in str(rows)
    assert "203.0.113.77" not in str(rows)


def test_followers_are_kept_by_day(sent, fakes):
    fakes.x.followers = 321
    assert engagement.check_accounts() == 1
    assert engagement.check_accounts() == 1
    assert list(Followers.objects.values_list("number", flat=True)) == [321]
