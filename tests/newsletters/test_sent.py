from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mail import engine, ledger
from mail.models import Delivery
from mail.transports import Kind, Outcome
from newsletters import issues
from newsletters.models import NewsletterPage
from tests import factories
from tests.cast import Role
from tests.newsletters.test_issues import World

if TYPE_CHECKING:
    from django.test import Client

    from mail.models import Mailing
    from tests.cast import Cast

State = Delivery.State


@pytest.fixture(scope="module")
def made(shared_db: None) -> World:
    return World()


@pytest.fixture
def world(db: None, made: World) -> World:
    return deepcopy(made)


@pytest.fixture
def mailing(world: World) -> Mailing:
    world.subscribe(5)
    return issues.send_issue(world.issue)


@pytest.fixture
def staff(cast: Cast) -> Client:
    return cast.enter(Role.COMMUNICATIONS)


def place(mailing: Mailing, what: str = "send") -> str:
    return f"/admin/newsletters/issues/{mailing.issues.get().pk}/{what}/"


def press(client: Client, mailing: Mailing, action: str) -> Any:
    return client.post(place(mailing, "act"), {"action": action}, follow=True)


def keys(client: Client, mailing: Mailing) -> list[str]:
    return [action.key for action in client.get(place(mailing)).context["sent"]["actions"]]


def settle(mailing: Mailing, *kinds: Kind) -> None:
    rows = ledger.mark_in_flight(ledger.claim(mailing_id=mailing.pk))
    ledger.settle([(row, Outcome(kind, "451 later" if kind is Kind.FAILED else "")) for row, kind in zip(rows, kinds, strict=True)])


def test_a_sending_is_paused_and_goes_on(mailing: Mailing, staff: Client) -> None:
    assert keys(staff, mailing) == ["pause", "cancel"]
    assert "keskeytetty" in press(staff, mailing, "pause").content.decode()
    assert keys(staff, mailing) == ["resume", "cancel"]
    engine.deliver_now()
    assert ledger.balance(mailing).waiting == 5
    press(staff, mailing, "resume")
    engine.deliver_now()
    assert ledger.balance(mailing).sent == 5
    assert keys(staff, mailing) == []


def test_a_sending_is_cancelled(mailing: Mailing, staff: Client) -> None:
    press(staff, mailing, "cancel")
    assert ledger.balance(mailing).suppressed == 5
    shown = press(staff, mailing, "cancel")
    assert "Mitään ei muutettu" in shown.content.decode()
    assert shown.context["sent"]["heading"] == "Lähetys peruttiin"


def test_one_button_sends_exactly_the_failed(mailing: Mailing, staff: Client) -> None:
    settle(mailing, Kind.SENT, Kind.FAILED, Kind.FAILED, Kind.IN_DOUBT, Kind.SENT)
    shown = staff.get(place(mailing))
    assert [action.key for action in shown.context["sent"]["actions"]] == ["retry", "arrived", "lost"]
    assert len(shown.context["sent"]["troubles"]) == 3
    assert "451 later" in shown.content.decode()
    failed = set(Delivery.objects.filter(mailing=mailing, state=State.FAILED).values_list("pk", flat=True))
    before = dict(Delivery.objects.filter(mailing=mailing).values_list("pk", "attempts"))
    press(staff, mailing, "retry")
    engine.deliver_now()
    after = dict(Delivery.objects.filter(mailing=mailing).values_list("pk", "attempts"))
    assert {pk for pk in after if Delivery.objects.get(pk=pk).state == State.SENT and pk in failed} == failed
    assert all(after[pk] == before[pk] for pk in after if pk not in failed)
    assert ledger.balance(mailing) == ledger.Balance(5, 4, 0, 0, 1, 0)


@pytest.mark.parametrize(("answer", "sent"), [("arrived", 5), ("lost", 2)])
def test_doubts_are_settled_by_who_has_looked(mailing: Mailing, staff: Client, answer: str, sent: int) -> None:
    settle(mailing, Kind.SENT, Kind.IN_DOUBT, Kind.IN_DOUBT, Kind.IN_DOUBT, Kind.SENT)
    press(staff, mailing, answer)
    assert ledger.balance(mailing) == ledger.Balance(5, sent, 5 - sent, 0, 0, 0)


@pytest.mark.parametrize("role", [Role.ORGANISERS, Role.COORDINATORS])
def test_who_may_not_send_may_not_stop(mailing: Mailing, cast: Cast, role: Role) -> None:
    client = cast.enter(role)
    assert client.post(place(mailing, "act"), {"action": "cancel"}).status_code == 403
    assert ledger.balance(mailing).waiting == 5


def test_an_action_that_is_none_is_refused(mailing: Mailing, staff: Client) -> None:
    assert staff.post(place(mailing, "act"), {"action": "delete"}).status_code == 400
    assert staff.get(place(mailing, "act")).status_code == 405


def test_the_screen_takes_as_many_queries_for_many_copies(world: World, staff: Client) -> None:
    def queries(number: int) -> int:
        world.subscribe(number)
        mailing = issues.send_issue(factories.make_issue(NewsletterPage.objects.get(pk=world.page.pk), goals=[world.own]))
        settle(mailing, *[Kind.IN_DOUBT] * 2, *[Kind.FAILED] * (mailing.frozen_count - 2))
        staff.get(place(mailing))
        with CaptureQueriesContext(connection) as found:
            assert len(staff.get(place(mailing)).context["sent"]["troubles"]) == mailing.frozen_count
        return len(found)

    assert queries(3) == queries(30)
