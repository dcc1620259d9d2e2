"""Never twice, never lost: what comes of each fault, with the network's own log beside the ledger."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.models import Outreach
from social import actions, engine, ledger
from social.models import Account, Delivery
from social.networks.wire import Kind
from tests import factories
from tests.social.conftest import make_account, make_post, send
from tests.social.servers.base import Fault

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
KEYED = ("mastodon", "bluesky")


@pytest.fixture
def account(db, fakes, name):
    return make_account(factories.make_theme(), name, fakes.urls[name])


def run(rounds=8):
    """As the worker does each minute; what waits, waits hundredths of a second here."""
    for _ in range(rounds):
        engine.sweep()
        time.sleep(0.06)


def only(post):
    return Delivery.objects.get(variant__post=post)


def test_what_is_approved_leaves_once_and_is_the_act(account, fake):
    post = make_post(account, "Uutta osaamista työelämään")
    send(post)
    assert Outreach.objects.get(item_key=post.key).done_at is None
    run(3)
    row = only(post)
    assert (row.state, row.remote_id) == ("sent", fake.accepted[0].id)
    assert row.confirmed_at
    assert fake.texts().total() == 1
    assert Outreach.objects.get(item_key=post.key).done_at
    assert ledger.balance(post) == ledger.Balance(1, 0, 1, 0, 0, 0, 0, 0)


def test_what_has_a_time_waits_for_it(account, fake):
    post = make_post(account, "Huomenna", due_at=timezone.now() + timedelta(days=1))
    send(post)
    run(1)
    assert only(post).state == "waiting"
    assert not fake.accepted
    assert Outreach.objects.get(item_key=post.key).planned_on == timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize("fault", [Fault.HANG_AFTER, Fault.ERROR_KEPT])
def test_what_was_kept_without_a_word_is_sent_and_not_repeated(account, fake, fault):
    fake.play(fault)
    post = make_post(account, "Sattuuhan näitä")
    send(post)
    run(4)
    assert only(post).state == "sent"
    assert fake.texts() == {fake.accepted[0].text: 1}
    assert only(post).remote_id == fake.accepted[0].id


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.ERROR])
def test_what_was_not_kept_is_repeated_where_that_is_safe_and_else_in_doubt(account, fake, fault, name):
    fake.play(fault)
    post = make_post(account, "Sattuuhan näitä")
    send(post)
    run()
    assert only(post).state == ("sent" if name in KEYED else "in_doubt")
    assert len(fake.accepted) == (1 if name in KEYED else 0)
    assert ledger.balance(post).is_balanced


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.LIMIT, Fault.LIMIT_UNTIL])
def test_what_passes_is_tried_again(account, fake, fault):
    fake.play(fault)
    post = make_post(account, "Uudelleen")
    send(post)
    run(1)
    end = time.monotonic() + 10
    while only(post).state != "sent" and time.monotonic() < end:
        run(1)
    assert only(post).state == "sent"
    assert only(post).attempts == 2
    assert len(fake.accepted) == 1
    assert not Account.objects.get().problem


def test_a_limit_without_a_word_of_its_end_holds_the_account_back(account, fake, monkeypatch):
    monkeypatch.setattr(ledger, "WITHOUT_RESET", timedelta(minutes=15))
    monkeypatch.setattr(ledger, "LONGEST_PAUSE", timedelta(hours=2))
    fake.play(Fault.LIMIT)
    post, other = make_post(account, "Eka"), make_post(account, "Toka")
    send(post)
    send(other)
    run(2)
    assert Account.objects.get().held_until > timezone.now() + timedelta(minutes=10)
    assert only(other).attempts == 0


@pytest.mark.parametrize("fault", [Fault.BAD, Fault.FORBIDDEN])
def test_what_is_refused_waits_for_a_person_who_mends_it(account, fake, fault):
    fake.play(fault)
    post = make_post(account, "Ei kelpaa")
    send(post)
    run(2)
    row = only(post)
    assert (row.state, row.problem) == ("failed", Kind.MEND)
    assert actions.send_again(delivery=row, by=None, text="Kelpaa")
    run(2)
    assert only(post).state == "sent"
    assert [text for text in fake.texts() if "Kelpaa" in text]


def test_a_revoked_token_stops_the_account_and_loses_nothing(account, fake, fakes, name):
    fake.revoked = True
    post = make_post(account, "Odottaa avainta")
    send(post)
    run(2)
    stopped = Account.objects.get()
    assert (stopped.needs_credentials, stopped.problem) == (True, Kind.TOKEN)
    asked = len(fake.requests)
    run(2)
    assert len(fake.requests) == asked, "a refused token is not tried again and again"
    fake.revoked = False
    assert engine.check(stopped) == ""
    run(2)
    assert only(post).state == "sent"


def test_what_the_network_took_and_lost_is_in_doubt(account, fake):
    fake.play(Fault.LOSE)
    post = make_post(account, "Katosi")
    send(post)
    run(5)
    row = only(post)
    assert (row.state, row.problem) == ("in_doubt", "lost")
    assert actions.send_again(delivery=row, by=None)
    run(3)
    assert (only(post).state, len(fake.accepted)) == ("sent", 1)


def test_a_thread_leaves_in_its_order_and_stops_where_it_breaks(fakes):
    account = make_account(factories.make_theme(), "mastodon", fakes.urls["mastodon"])
    text = " ".join(f"Tämä on lause numero {number}, ja se kertoo työelämän kehittämisestä." for number in range(20))
    fakes.mastodon.play(Fault.NONE, Fault.BAD)
    post = make_post(account, text)
    rows = send(post)
    assert rows.count() >= 3
    run(2)
    assert [row.state for row in rows.all()][:3] == ["sent", "failed", "waiting"]
    actions.send_again(delivery=rows.all()[1], by=None)
    run(rows.count())
    assert {row.state for row in rows.all()} == {"sent"}
    ids = [row.remote_id for row in rows.all()]
    assert [fakes.mastodon.posts[one].facts["reply"] for one in ids] == ["", *ids[:-1]]


def test_nothing_leaves_beyond_the_budget(account, fake, monkeypatch):
    monkeypatch.setattr("social.models.accounts.BUDGETS", {account.network: (6, timedelta(hours=1))})
    posts = [make_post(account, f"Numero {number}") for number in range(8)]
    for post in posts:
        send(post)
    run(2)
    assert len(fake.accepted) == (2 if account.network == "bluesky" else 6)
    assert ledger.balance().waiting == 8 - len(fake.accepted)


def test_a_lease_that_ran_out_is_another_workers(account, fake):
    post = make_post(account, "Kaksi työntekijää")
    send(post)
    row = ledger.claim()
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert not ledger.take_off(row)
    assert ledger.release_expired() == (1, 0)
    run(2)
    assert (only(post).state, len(fake.accepted)) == ("sent", 1)


def test_what_waits_two_days_behind_its_time_is_given_up(account, fake):
    post = make_post(account, "Vanha uutinen")
    send(post)
    Account.objects.update(is_active=False)
    Delivery.objects.update(planned_at=timezone.now() - timedelta(days=3))
    run(1)
    assert (only(post).state, only(post).problem) == ("dead", "late")


def test_a_persons_word_settles_a_doubt(fakes):
    account = make_account(factories.make_theme(), "x")
    fakes.x.play(Fault.ERROR)
    post = make_post(account, "Epäselvä")
    send(post)
    run()
    row = only(post)
    assert actions.say_sent(delivery=row, url="https://x.com/i/status/123", by=None)
    assert not actions.say_sent(delivery=row, url="https://x.com/i/status/123", by=None)
    assert not actions.send_again(delivery=row, by=None)
    assert (only(post).state, only(post).remote_id) == ("sent", "123")
    assert not fakes.x.accepted
    other = make_post(account, "Toinen epäselvä")
    fakes.x.play(Fault.ERROR)
    send(other)
    run()
    with pytest.raises(actions.NotPossible):
        actions.say_sent(delivery=only(other), url="https://x.com/kantama/status/123", by=None)
    # What a person took for the post is looked at as any other: it is not there.
    assert only(post).state == "in_doubt"


def test_one_variant_is_delivered_once(account):
    post = make_post(account, "Kerran")
    row = send(post).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(variant=row.variant, account=account, text="x", planned_at=row.planned_at, due_at=row.due_at)


def test_secrets_are_locked_and_never_logged(account, fake, caplog):
    caplog.set_level("DEBUG")
    secrets = [value for value in dict(Account.objects.get().__dict__).values() if isinstance(value, str)]
    from tests.social.conftest import SECRETS

    hidden = [value for key, value in SECRETS[account.network].items() if key not in ("identifier", "organisation")]
    assert not [one for one in hidden if any(one in text for text in secrets)]
    fake.play(Fault.FORBIDDEN, Fault.ERROR)
    for text in ("Yksi", "Kaksi"):
        send(make_post(account, text))
    run(3)
    written = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    assert "Post" in written
    told = written + "".join(Delivery.objects.values_list("words", flat=True))
    assert not [one for one in hidden if one in told]
