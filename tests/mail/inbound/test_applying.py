"""What follows from what came back: who is suppressed and who is not, and that nobody can be suppressed by a forger."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from mail import engine, ledger, suppression
from mail.inbound import applying, verp
from mail.inbound.receiving import receive
from mail.models import Bounce, Delivery, Suppression
from mail.transports import Kind, Outcome
from tests.mail.inbound import notices

if TYPE_CHECKING:
    from pathlib import Path

    from mail.models import Mailing
    from tests.mail.conftest import Freeze, Heard

pytestmark = pytest.mark.django_db
A = "a@example.org"
PIPE = Bounce.Source.PIPE


@pytest.fixture(autouse=True)
def bounce_address(settings: Any, outbox_folder: Path) -> None:
    settings.BOUNCE_ADDRESS = "bounces@example.fi"


def sent(freeze: Freeze, number: int = 1) -> Delivery:
    mailing = freeze(A, "b@example.org", key=f"test.issue:{number}")
    engine.deliver_now()
    return Delivery.objects.get(mailing=mailing, address=A)


def come_back(delivery: Delivery, **values: Any) -> list[Bounce]:
    return receive(notices.dsn(to=verp.return_path(delivery.pk), **values), source=PIPE).new


def test_a_hard_bounce_suppresses_at_once_and_the_ledger_stays(freeze: Freeze, heard: Heard) -> None:
    delivery = sent(freeze)
    (bounce,) = come_back(delivery)
    assert (bounce.delivery, bounce.kind, bounce.status, bounce.is_proven, bounce.address_hash) == (delivery, "hard", "5.1.1", True, "")
    assert A not in bounce.diagnostic
    assert Suppression.objects.get().reason == "hard_bounce"
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert ledger.balance(delivery.mailing) == ledger.Balance(2, 2, 0, 0, 0, 0)  # type: ignore[arg-type]
    assert [row.pk for row in heard.bounces] == [bounce.pk]
    assert Bounce.objects.came_back().get() == bounce


def test_the_same_notice_twice_and_by_two_ways_counts_once(freeze: Freeze, heard: Heard) -> None:
    delivery = sent(freeze)
    come_back(delivery)
    assert come_back(delivery) == []
    assert receive(notices.dsn(quoted=notices.message_id(delivery)), source=Bounce.Source.MAILBOX).new == []
    assert Bounce.objects.count() == len(heard.bounces) == 1
    stranger = notices.dsn(about="nobody@example.org")
    assert len(receive(stranger, source=PIPE).new) == 1
    assert receive(stranger, source=PIPE).new == []


def test_our_message_id_is_proof_where_the_address_is_lost(freeze: Freeze) -> None:
    delivery = sent(freeze)
    receive(notices.dsn(quoted=notices.message_id(delivery)), source=PIPE)
    assert suppression.is_suppressed(A)


@pytest.mark.parametrize("to", ["bounces@example.fi", "bounces+1-0123456789abcdef@example.fi"])
def test_a_forged_bounce_suppresses_nobody(freeze: Freeze, to: str) -> None:
    """Not a subscriber, not a stranger, not in three mailings in a row."""
    for number in (1, 2, 3):
        sent(freeze, number)
        for victim in (A, "stranger@example.org"):
            receive(notices.dsn(to=to, about=victim, quoted=f"<{number}.0123456789abcdef@example.fi>"), source=PIPE)
            receive(notices.complaint(about=victim), source=PIPE)
    assert Suppression.objects.count() == 0
    of_stranger = Bounce.objects.filter(delivery=None)
    assert {row.address_hash for row in of_stranger} == {suppression.hash_of("stranger@example.org")}
    assert set(Bounce.objects.filter(delivery__isnull=False, is_proven=False).values_list("kind", flat=True)) == {"soft", "complaint"}


def test_a_token_of_ones_own_copy_reaches_nobody_else(freeze: Freeze) -> None:
    mine = sent(freeze)
    come_back(mine, about="b@example.org")
    assert not suppression.is_suppressed("b@example.org")
    # Passed on to another address, which is gone: ours may have other readers.
    assert not suppression.is_suppressed(A)
    assert Bounce.objects.get().kind == "soft"


def test_without_proof_a_copy_of_long_ago_is_nobodys(freeze: Freeze) -> None:
    delivery = sent(freeze)
    Delivery.objects.filter(pk=delivery.pk).update(settled_at=timezone.now() - timedelta(weeks=4))
    receive(notices.dsn(), source=PIPE)
    assert Bounce.objects.get().delivery is None


def test_a_notice_that_found_no_copy_goes_after_three_months(freeze: Freeze) -> None:
    come_back(sent(freeze))
    receive(notices.dsn(about="stranger@example.org"), source=PIPE)
    Bounce.objects.update(at=timezone.now() - timedelta(days=91))
    assert applying.forget_unmatched() == 1
    assert Bounce.objects.get().delivery is not None


def soft_in(freeze: Freeze, *numbers: int, came_back: set[int], **values: Any) -> bool:
    for number in numbers:
        delivery = sent(freeze, number)
        if number in came_back:
            come_back(delivery, **({"status": "5.2.2"} | values))
    return suppression.is_suppressed(A)


def test_three_soft_bounces_in_a_row_suppress(freeze: Freeze) -> None:
    assert not soft_in(freeze, 1, 2, came_back={1, 2})
    assert soft_in(freeze, 3, came_back={3})
    assert Suppression.objects.get().reason == "soft_bounces"
    # Who asks again is heard again.
    suppression.lift(A)
    assert not suppression.is_suppressed(A)


def test_one_that_arrives_begins_the_count_anew(freeze: Freeze) -> None:
    assert not soft_in(freeze, 1, 2, 3, 4, 5, came_back={1, 2, 4, 5})
    assert soft_in(freeze, 6, came_back={6})


def test_an_address_taken_off_the_list_has_three_chances_again(freeze: Freeze) -> None:
    soft_in(freeze, 1, 2, 3, came_back={1, 2, 3})
    suppression.take_off(Suppression.objects.get())
    assert not soft_in(freeze, 4, 5, came_back={4, 5})
    assert soft_in(freeze, 6, came_back={6})


@pytest.mark.parametrize(
    "values",
    [
        {"status": "5.7.1"},
        {"status": "4.4.1", "action": "delayed"},
        {"status": "5.0.0", "said": "smtp; 554 Blocked using a block list"},
        {"status": "5.3.4", "said": "smtp; 552 5.3.4 Message size exceeds fixed limit"},
    ],
)
def test_what_is_not_about_the_address_never_suppresses(freeze: Freeze, values: dict[str, str]) -> None:
    assert not soft_in(freeze, 1, 2, 3, 4, came_back={1, 2, 3, 4}, **values)
    assert Bounce.objects.count() == 4


def test_a_complaint_suppresses_and_is_told_once(freeze: Freeze, heard: Heard) -> None:
    delivery = sent(freeze)
    for _ in range(2):
        receive(notices.complaint(quoted=notices.message_id(delivery)), source=PIPE)
    assert Suppression.objects.get().reason == "complaint"
    assert [bounce.delivery for bounce in heard.complaints] == [delivery]
    suppression.lift(A)
    assert suppression.is_suppressed(A)


def test_a_complaint_is_graver_than_what_a_return_would_lift(freeze: Freeze) -> None:
    suppression.suppress(A, Suppression.Reason.SOFT_BOUNCES)
    receive(notices.complaint(quoted=notices.message_id(sent(freeze))), source=PIPE)
    assert Suppression.objects.get().reason == "complaint"


def test_an_automatic_reply_is_counted_and_ignored(freeze: Freeze, heard: Heard) -> None:
    delivery = sent(freeze)
    reply = f"From: {A}\nTo: {verp.return_path(delivery.pk)}\nSubject: Automaattinen vastaus: Kirje\nAuto-Submitted: auto-replied\n\nOlen lomalla.\n"
    (bounce,) = receive(reply.encode(), source=PIPE).new
    assert (bounce.kind, bounce.delivery) == ("auto_reply", delivery)
    assert (Suppression.objects.count(), heard.bounces) == (0, [])


def test_letters_and_good_news_leave_no_row(freeze: Freeze) -> None:
    delivery = sent(freeze)
    letter = f"From: {A}\nTo: {verp.return_path(delivery.pk)}\nSubject: Re: Kirje\n\nKiitos!\n".encode()
    assert receive(letter, source=PIPE).needs_a_person
    good = receive(notices.dsn(to=verp.return_path(delivery.pk), action="relayed", status="2.1.5"), source=PIPE)
    assert not good.needs_a_person
    assert Bounce.objects.count() == 0


def test_an_erased_copy_gets_its_row_and_nothing_follows(freeze: Freeze, heard: Heard) -> None:
    delivery = sent(freeze)
    Delivery.objects.filter(pk=delivery.pk).update(address="", recipient_key=None)
    (bounce,) = come_back(delivery)
    assert bounce.delivery == delivery
    assert (Suppression.objects.count(), heard.bounces) == (0, [])


def refused(mailing: Mailing, reply: str, *, is_hard: bool) -> None:
    held = ledger.mark_in_flight(ledger.claim(mailing_id=mailing.pk))
    ledger.settle([(row, Outcome(Kind.FAILED, reply.replace("ADDRESS", row.address), is_hard_bounce=is_hard)) for row in held])


def test_a_refusal_in_the_session_is_a_row_too(freeze: Freeze, heard: Heard) -> None:
    mailing = freeze(A)
    refused(mailing, "550 5.1.1 <ADDRESS> a: no such user", is_hard=True)
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.status, bounce.source, bounce.is_proven) == ("hard", "5.1.1", "session", True)
    assert bounce.diagnostic == "550 5.1.1 <…> …: no such user"
    assert suppression.is_suppressed(A)
    assert ledger.balance(mailing).failed == 1


def test_a_refusal_that_is_tried_again_is_forgotten(freeze: Freeze) -> None:
    mailing = freeze(A)
    refused(mailing, "554 5.7.1 spam", is_hard=False)
    assert Bounce.objects.get().is_about_us
    ledger.retry_failed(mailing, None)
    assert Bounce.objects.count() == 0
    engine.deliver_now()
    assert ledger.balance(mailing).sent == 1


def test_our_own_words_for_a_failure_are_no_bounce(freeze: Freeze) -> None:
    refused(freeze(A), "The address cannot be written in a mail.", is_hard=False)
    assert Bounce.objects.count() == 0


def test_no_row_holds_an_address_or_the_name_before_it(db: None) -> None:
    from tests.mail.inbound.test_corpus import CORPUS, MESSAGES

    for message in MESSAGES:
        receive((CORPUS / message["file"]).read_bytes(), source=PIPE)
    rows = Bounce.objects.values_list("diagnostic", "address_hash")
    assert len(rows) >= 140
    assert [said for said, _ in rows if "@" in said.replace("@ ", "")] == []
    assert not [said for said, _ in rows for name in ("pekka", "heikki", "timo@", "aarne") if name in said.lower()]
    assert Suppression.objects.count() == 0
