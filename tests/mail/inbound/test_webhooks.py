"""Brevo's webhooks, in the form that django-anymail's own code reads, through the real view."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from base.environment import MailAddress
from mail import engine, ledger, suppression
from mail.models import Bounce, Delivery, Suppression

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mail.conftest import Freeze, Heard

pytestmark = pytest.mark.django_db
PATH = "/mail/esp/brevo/tracking/"
SECRET = "kantama:a-long-secret"


@pytest.fixture
def delivery(freeze: Freeze, outbox_folder: Path, settings: Any) -> Delivery:
    freeze("a@example.org")
    engine.deliver_now()
    settings.EMAIL_ADDRESS = MailAddress("anymail", "brevo")
    settings.ANYMAIL_BACKEND = "anymail.backends.brevo.EmailBackend"
    settings.ANYMAIL = {"BREVO_API_KEY": "key", "WEBHOOK_SECRET": SECRET}
    return Delivery.objects.get(mailing__isnull=False)


def post(event: str, delivery: Delivery | None, secret: str = SECRET, path: str = PATH, **values: Any) -> int:
    payload = {
        "event": event, "email": "a@example.org", "id": 1, "date": "2026-11-03 10:00:00", "ts": 1793865600, "ts_epoch": 1793865600000,
        "message-id": "<202611030800.1@smtp-relay.mailin.fr>", "subject": "Uutiskirje", "sending_ip": "192.0.2.10", "ts_event": 1793865600,
    } | values  # fmt: skip
    if delivery:
        payload["X-Mailin-custom"] = json.dumps({"delivery": str(delivery.pk)})
    headers = {"authorization": f"Basic {b64encode(secret.encode()).decode()}"}
    return Client(enforce_csrf_checks=True).post(path, json.dumps(payload), content_type="application/json", headers=headers).status_code


@pytest.mark.parametrize(
    ("event", "reason", "kind", "reason_listed"),
    [
        ("hard_bounce", "550 5.1.1 The email account that you tried to reach does not exist", "hard", "hard_bounce"),
        ("hard_bounce", "user unknown", "hard", "hard_bounce"),
        ("hard_bounce", "552 5.2.2 mailbox full", "soft", ""),
        ("hard_bounce", "550 5.7.1 blocked", "soft", ""),
        ("invalid_email", "", "hard", "hard_bounce"),
        ("soft_bounce", "mailbox full", "soft", ""),
        ("blocked", "blocked: due to blacklist user", "soft", ""),
        ("deferred", "451 4.7.1 try later", "soft", ""),
        ("spam", "", "complaint", "complaint"),
        ("complaint", "", "complaint", "complaint"),
    ],
)
def test_what_brevo_tells(delivery: Delivery, heard: Heard, event: str, reason: str, kind: str, reason_listed: str) -> None:
    assert post(event, delivery, reason=reason) == 200
    bounce = Bounce.objects.get()
    assert (bounce.delivery, bounce.kind, bounce.source, bounce.is_proven, bounce.is_delay) == (delivery, kind, "webhook", True, event == "deferred")
    assert [row.reason for row in Suppression.objects.all()] == [reason_listed] * bool(reason_listed)
    assert len(heard.complaints) == (kind == "complaint")
    assert ledger.balance(delivery.mailing) == ledger.Balance(1, 1, 0, 0, 0, 0)  # type: ignore[arg-type]
    # A service repeats what it is not sure of.
    assert post(event, delivery, reason=reason) == 200
    assert Bounce.objects.count() == 1


@pytest.mark.parametrize("event", ["request", "delivered", "unique_opened", "opened", "click", "unknown"])
def test_the_rest_leaves_no_trace(delivery: Delivery, event: str) -> None:
    assert post(event, delivery, link="https://example.org/") == 200
    assert Bounce.objects.count() == 0


def test_a_wrong_secret_is_refused_and_counted(delivery: Delivery, caplog: pytest.LogCaptureFixture) -> None:
    assert post("hard_bounce", delivery, secret="kantama:guess") == 400
    assert Client().post(PATH, "{}", content_type="application/json").status_code == 400
    assert caplog.text.count("A webhook of brevo was refused") == 2
    assert not suppression.is_suppressed("a@example.org")


@pytest.mark.parametrize("body", ["", "[]", "not json", '{"items": []}', '"text"', '{"event": "hard_bounce", "X-Mailin-custom": 7}'])
def test_what_cannot_be_read_is_a_clear_answer(delivery: Delivery, body: str) -> None:
    headers = {"authorization": f"Basic {b64encode(SECRET.encode()).decode()}"}
    assert Client().post(PATH, body, content_type="application/json", headers=headers).status_code in {200, 400}
    assert Suppression.objects.count() == 0


def test_without_our_number_it_is_a_recent_copy_and_proves_nothing(delivery: Delivery) -> None:
    assert post("hard_bounce", None, reason="550 5.1.1 no such user") == 200
    assert Bounce.objects.get().kind == "soft"
    assert not suppression.is_suppressed("a@example.org")


@pytest.mark.parametrize("change", [{"ANYMAIL": {"BREVO_API_KEY": "key"}}, {"ANYMAIL_BACKEND": ""}])
def test_without_a_service_or_a_secret_there_is_no_door(delivery: Delivery, settings: Any, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(settings, name, value)
    assert post("hard_bounce", delivery) == 404


@pytest.mark.parametrize("path", ["/mail/esp/mailgun/tracking/", "/mail/esp/brevo/inbound/", "/mail/esp/"])
def test_no_other_door(delivery: Delivery, path: str) -> None:
    assert post("hard_bounce", delivery, path=path) == 404
