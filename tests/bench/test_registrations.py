"""What the benchmark of registrations says of its figures, and what it reads out of pages and mails. Nothing is timed here."""

from __future__ import annotations

from bench.registrations import rows, table
from bench.visitors import Told, figures, form_in, link_in, source, words_of
from events.models import Registration
from mail.models import Delivery
from tests import factories

OURS = {"confirmed": 2_000, "a_second": 66.0, "p95": 0.4, "p95_by_request": {"the form": 0.4}, "wrong": 0, "processor_ms": 20.0}


def held(ours: dict, rate: float = 67.0, best: float = 6.5) -> list[str]:
    return [row["name"] for row in rows(ours, rate, best, 2_000) if not row["holds"]]


def test_the_limits_are_ten_times_pretix_everybody_confirmed_and_the_slowest_twentieth():
    assert held(OURS) == []
    assert held(OURS | {"a_second": 64.0}) == ["confirmed a second, beside pretix"]
    assert held(OURS | {"confirmed": 1_999}) == ["seats confirmed"]
    assert held(OURS | {"p95": 1.6}) == ["p95 of a request, seconds"]
    assert held(OURS, rate=100.0) == ["confirmed a second, beside who came"]
    report = {"people": 2_000, "rate": 67.0, "ours": OURS | {"p95": 1.6}, "pretix": {}, "rows": rows(OURS | {"p95": 1.6}, 67.0, 0.0, 2_000)}
    assert table(report).count("NOT HELD") == 1


def test_a_rate_is_from_the_first_arrival_to_the_last_seat():
    told = Told(taken={"the page": [0.1] * 20}, confirmed=[105.0, 110.0], began=100.0)
    assert figures(told)["a_second"] == 0.2


def test_what_a_visitor_reads_leads_to_a_seat(db, client):
    factories.make_root()
    theme = factories.make_theme()
    calendar = factories.make_events_page(factories.make_home(theme))
    page = factories.make_event_page(calendar, goals=[factories.make_goal(theme)], capacity=5)
    action, hidden = form_in(client.get(page.get_url()).content)
    assert client.post(action, hidden | words_of(1)).status_code == 200
    link = link_in(bytes(Delivery.objects.get().mime))
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 200
    assert Registration.objects.get().state == "confirmed"


def test_everybody_comes_from_an_address_of_their_own():
    addresses = {source(number) for number in range(2_100)}
    assert len(addresses) == 2_100
    assert all(0 < int(part) < 255 or part == "0" for address in addresses for part in address.split("."))
