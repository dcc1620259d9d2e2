from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from mail import ledger, links, mailings, slots
from mail.models import Delivery, Link, Mailing, Variant
from tests.mail.conftest import NEWS, addresses, key_of, subscribers, variant

if TYPE_CHECKING:
    from tests.mail.conftest import Freeze, Heard


@pytest.mark.django_db
def test_freezing_makes_one_copy_for_each_in_the_right_language(freeze: Freeze) -> None:
    subscribers("sv@example.org", language="sv")
    mailing = freeze("a@example.org", "b@example.org", languages=("fi", "sv", "en"))
    rows = Delivery.objects.filter(mailing=mailing)
    assert sorted(rows.values_list("address", "variant__language", "state")) == [
        ("a@example.org", "fi", "waiting"),
        ("b@example.org", "fi", "waiting"),
        ("sv@example.org", "sv", "waiting"),
    ]
    assert rows.get(address="a@example.org").recipient_key == key_of("a@example.org")
    assert ledger.balance(mailing) == ledger.Balance(3, 0, 0, 0, 0, 3)


@pytest.mark.django_db
def test_each_part_of_the_recipients_gets_the_variant_made_for_it(heard: Heard) -> None:
    subscribers("a@example.org", "b@example.org")
    subscribers("c@example.org", segment="lapland")
    subscribers("d@example.org", language="sv", segment="lapland")
    made = [variant("fi"), variant("fi", segment="lapland"), variant("sv", segment="lapland")]
    links_ = [("https://a.example/", None), ("https://b.example/", None)]
    mailing = mailings.freeze(key="k", stream=NEWS, variants=made, recipients=subscribers(), links=links_)
    rows = Delivery.objects.filter(mailing=mailing).values_list("address", "variant__language", "variant__segment")
    assert sorted(rows) == [
        ("a@example.org", "fi", ""), ("b@example.org", "fi", ""), ("c@example.org", "fi", "lapland"), ("d@example.org", "sv", "lapland"),
    ]  # fmt: skip
    assert mailing.frozen_count == 4
    with pytest.raises(mailings.NoVariant, match=r"\('sv', 'lapland'\)"), transaction.atomic():
        mailings.freeze(key="k2", stream=NEWS, variants=made[:2], recipients=subscribers(), links=links_)


@pytest.mark.django_db
def test_freezing_twice_is_freezing_once(freeze: Freeze) -> None:
    first = freeze("a@example.org")
    second = freeze("late@example.org")
    assert first == second
    assert second.frozen_count == Delivery.objects.filter(mailing=first).count() == 1


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 6, 1, 7, tzinfo=UTC), tick=False)
def test_copies_are_due_at_the_very_moment_of_freezing(freeze: Freeze) -> None:
    mailing = freeze("a@example.org")
    assert [row.address for row in ledger.claim(mailing_id=mailing.pk)] == ["a@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_that_freeze_at_once_make_one(freeze: Freeze) -> None:
    subscribers(*addresses(20))
    found: list[int] = []

    def run() -> None:
        try:
            found.append(freeze().pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == Mailing.objects.count() == 1
    assert Delivery.objects.filter(mailing=found[0]).count() == 20


@pytest.mark.django_db
def test_somebody_twice_in_the_list_gets_one_copy(heard: Heard) -> None:
    subscribers("a@example.org")
    Delivery.objects.create(stream="test.book", recipient_key=key_of("a@example.org"), address="a@example.org", mime=b"", reply="fi", state="sent")
    mailing = mailings.freeze(key="k", stream=NEWS, variants=[variant()], recipients=subscribers(), links=[("https://a.example/", None)] * 2)
    assert mailing.frozen_count == 1
    assert ledger.balance(mailing).is_balanced


@pytest.mark.django_db
def test_a_language_without_a_variant_stops_the_freeze(freeze: Freeze) -> None:
    subscribers("sv@example.org", language="sv")
    with pytest.raises(mailings.NoVariant, match="sv"), transaction.atomic():
        freeze("a@example.org")
    assert not Mailing.objects.exists()


@pytest.mark.django_db
def test_a_mailing_to_nobody_is_finished_at_once(heard: Heard) -> None:
    links_ = [("https://a.example/", None), ("https://b.example/", None)]
    mailing = mailings.freeze(key="k", stream=NEWS, variants=[variant()], recipients=subscribers().none(), links=links_)
    assert mailing.frozen_count == 0
    assert ledger.finish_mailings() == 1


@pytest.mark.django_db
def test_click_slots_come_to_name_the_rows_of_links(freeze: Freeze) -> None:
    mailing = freeze("a@example.org")
    mime = bytes(Variant.objects.get(mailing=mailing).mime)
    found = {int(name.removeprefix(b"click-")) for name in slots.BYTES_PATTERN.findall(mime) if name.startswith(b"click-")}
    assert found == set(Link.objects.filter(mailing=mailing).values_list("pk", flat=True))
    assert Link.objects.get(url="https://example.org/b/?x=1&y=2").item_key == key_of("b")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/relative/", "mailto:a@example.org", "https:///nowhere"])
def test_a_link_leads_to_the_web(url: str) -> None:
    with pytest.raises(ValueError, match="full web address"):
        links.Links().slot(url)


@pytest.mark.django_db
def test_queries_do_not_grow_with_recipients(freeze: Freeze) -> None:
    subscribers(*addresses(5))
    with CaptureQueriesContext(connection) as few:
        freeze(key="few")
    subscribers(*[f"more{address}" for address in addresses(200)])
    with CaptureQueriesContext(connection) as many:
        assert freeze(key="many").frozen_count == 205
    # The mailing (find, savepoint, insert, release), languages, links, the variant, its INSERT ... SELECT, the count.
    assert len(few) == len(many) <= 14
