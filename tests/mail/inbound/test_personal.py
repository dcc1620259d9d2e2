"""What came back of a person's copies is theirs: exported, kept by a merge, and without them after an erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from base import personal
from base.personal import Subject
from mail import engine, suppression
from mail.inbound import verp
from mail.inbound.receiving import receive
from mail.models import Bounce, Delivery
from tests.mail.conftest import key_of
from tests.mail.inbound import notices

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mail.conftest import Freeze

pytestmark = pytest.mark.django_db
A = "canary.3c1d@example.org"
WHO, OTHER = Subject(1, key_of(A), (A,)), Subject(2, key_of("other@example.org"), ("other@example.org",))


@pytest.fixture
def delivery(freeze: Freeze, outbox_folder: Path, settings: Any) -> Delivery:
    """A copy that came back, and a notice about the address that proved nothing and found no copy."""
    settings.BOUNCE_ADDRESS = "bounces@example.fi"
    receive(notices.dsn(about=A), source=Bounce.Source.PIPE)
    freeze(A, "other@example.org")
    engine.deliver_now()
    delivery = Delivery.objects.get(mailing__isnull=False, address=A)
    receive(notices.dsn(to=verp.return_path(delivery.pk), about=A, said="smtp; 550 5.1.1 Canary Esimerkki has left"), source=Bounce.Source.PIPE)
    return delivery


def holdings() -> list[personal.Holding]:
    return [holding for holding in personal.holdings() if holding.model._meta.app_label == "mail"]


def test_the_export_has_both(delivery: Delivery) -> None:
    (holding,) = [holding for holding in holdings() if holding.model is Bounce]
    assert [row["kind"] for row in holding.find(WHO).order_by("pk").values(*holding.fields)] == ["hard", "hard"]
    assert not holding.find(OTHER).exists()


def test_erasing_leaves_a_number(delivery: Delivery) -> None:
    for holding in holdings():
        holding.erase(WHO)
    bounce = Bounce.objects.get()
    assert (bounce.delivery_id, bounce.kind, bounce.diagnostic, bounce.address_hash) == (delivery.pk, "hard", "", "")
    assert suppression.is_suppressed(A)


def test_a_merge_takes_them_along(delivery: Delivery) -> None:
    for holding in holdings():
        holding.merge(OTHER, WHO)
    (holding,) = [holding for holding in holdings() if holding.model is Bounce]
    assert holding.find(OTHER).get().delivery == delivery
