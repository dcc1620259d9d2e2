"""The staff's lists of what came back, and of who gets no mail: who sees them, and who may change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from base.roles import Role
from mail import suppression
from mail.models import Bounce, Delivery, Mailing, Suppression, Variant

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
BOUNCES = "/admin/snippets/mail/bounce/"
LIST = "/admin/snippets/mail/suppression/"
A = "aino.esimerkki@example.org"


@pytest.fixture
def bounce(db: None) -> Bounce:
    mailing = Mailing.objects.create(key="newsletters.issue:1", stream="newsletters")
    variant = Variant.objects.create(mailing=mailing, language="fi", subject="Syyskuun kirje", mime=b"x")
    copy = Delivery.objects.create(mailing=mailing, variant=variant, stream="newsletters", address=A, state="sent")
    Bounce.objects.create(address_hash="0" * 64, kind="soft", source="pipe", mark="2")
    return Bounce.objects.create(delivery=copy, kind="hard", status="5.1.1", diagnostic="=cmd", source="mailbox", mark="1", is_proven=True)


def page(cast: Cast, role: Role | None, url: str, **values: Any) -> Any:
    return cast.enter(role).get(url, values)


def test_communications_see_what_came_back_without_whole_addresses(cast: Cast, bounce: Bounce) -> None:
    words = page(cast, Role.COMMUNICATIONS, BOUNCES).content.decode()
    assert "a…@example.org" in words
    assert "Syyskuun kirje" in words
    assert A not in words
    of_pipe = page(cast, Role.COMMUNICATIONS, BOUNCES, source="pipe").content.decode()
    assert "a…@example.org" not in of_pipe
    other = Mailing.objects.create(key="newsletters.issue:2", stream="newsletters")
    assert "a…@example.org" in page(cast, Role.COMMUNICATIONS, BOUNCES, mailing=bounce.delivery.mailing_id).content.decode()  # type: ignore[union-attr]
    assert "a…@example.org" not in page(cast, Role.COMMUNICATIONS, BOUNCES, mailing=other.pk).content.decode()


def test_the_export_holds_no_address_and_no_formula(cast: Cast, bounce: Bounce) -> None:
    answer = page(cast, Role.COMMUNICATIONS, BOUNCES, export="csv")
    table = b"".join(answer.streaming_content).decode()
    assert "a…@example.org" in table
    assert "'=cmd" in table
    assert A not in table


@pytest.mark.parametrize("role", [Role.ORGANISERS, Role.COORDINATORS, None])
def test_others_see_neither(cast: Cast, bounce: Bounce, role: Role | None) -> None:
    row = suppression.suppress(A, "by_hand")
    for url in (BOUNCES, LIST, f"{LIST}add/", reverse("mail_lift_suppression", args=[row.pk])):
        assert page(cast, role, url).status_code in {302, 403}
    client = cast.enter(role)
    client.post(reverse("mail_lift_suppression", args=[row.pk]), {"why": "x"})
    client.post(f"{LIST}add/", {"address": "b@example.org"})
    assert Suppression.objects.get() == row


def test_nobody_edits_or_deletes_a_row_by_hand(cast: Cast, bounce: Bounce) -> None:
    row = suppression.suppress(A, "complaint")
    client = cast.enter(Role.ADMINISTRATORS)
    for url in (f"{BOUNCES}edit/{bounce.pk}/", f"{BOUNCES}delete/{bounce.pk}/", f"{BOUNCES}add/", f"{LIST}edit/{row.pk}/", f"{LIST}delete/{row.pk}/"):
        assert client.post(url, {}).status_code in {302, 403, 404}
    assert (Bounce.objects.count(), Suppression.objects.count()) == (2, 1)


def test_an_address_is_put_on_the_list_and_found_by_typing_it(cast: Cast) -> None:
    client = cast.enter(Role.COMMUNICATIONS)
    assert client.get(f"{LIST}add/").status_code == 200
    assert client.post(f"{LIST}add/", {"address": A.upper()}).status_code == 302
    assert Suppression.objects.get().reason == "by_hand"
    assert suppression.is_suppressed(A)
    found = Suppression.objects.get().short_hash
    assert found in page(cast, Role.COMMUNICATIONS, LIST, address=f" {A} ").content.decode()
    assert found not in page(cast, Role.COMMUNICATIONS, LIST, address="b@example.org").content.decode()
    again = client.post(f"{LIST}add/", {"address": A})
    assert "Osoite on jo estolistalla: Käsin" in again.content.decode()
    assert Suppression.objects.count() == 1
    assert client.post(f"{LIST}add/", {"address": "nobody"}).status_code == 200


@pytest.mark.parametrize("reason", Suppression.Reason.values)
@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.ADMINISTRATORS])
def test_who_takes_an_address_off(cast: Cast, role: Role, reason: str) -> None:
    """Bounces, complaints and erasures are for administrators; a reason is always asked for, and kept."""
    row = suppression.suppress(A, reason)
    client, url = cast.enter(role), reverse("mail_lift_suppression", args=[row.pk])
    may = role is Role.ADMINISTRATORS or reason in {"by_hand", "soft_bounces"}
    assert (url in client.get(LIST).content.decode()) is may
    assert client.post(url, {"why": ""}).status_code == (422 if may else 302)
    assert suppression.is_suppressed(A)
    client.post(url, {"why": "Laatikko toimii taas"})
    assert suppression.is_suppressed(A) is not may
    if may:
        entry = ModelLogEntry.objects.get(action="mail.lift_suppression")
        assert (entry.data, entry.user, entry.deleted) == ({"why": "Laatikko toimii taas", "reason": reason}, cast.user(role), True)
        assert A not in entry.label
