"""An e-mail service, by a small server on loopback that speaks as Brevo does."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from base.environment import MailAddress
from mail import engine, esp, ledger, links, outbox
from mail.models import Delivery, Link, Variant
from tests.mail.conftest import SYSTEM, addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from tests.mail.conftest import Freeze, Heard


class Service:
    """`requests` are the bodies; `status` and `hangs_up` say how it answers, `hangs_up_once` after it has taken the request.

    As Brevo's own description has it: a request with a key that was used is not processed, and answered with duplicate_parameter; a batch is
    answered with an identifier for each version.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.taken: list[str] = []
        self.keys: set[str] = set()
        self.status = 201
        self.hangs_up = self.hangs_up_once = False

    def answer(self, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.status != 201:
            return self.status, {"code": "no", "message": "no"}
        key = request["headers"]["idempotencyKey"]
        if key in self.keys:
            return 400, {"code": "duplicate_parameter", "message": "idempotencyKey is used already"}
        self.keys.add(key)
        people = [to["email"] for part in request.get("messageVersions", [request]) for to in part["to"]]
        self.taken += people
        names = [f"<{len(self.requests)}-{person}@brevo>" for person in people]
        return 201, {"messageIds": names} if "messageVersions" in request else {"messageId": names[0]}


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(esp, "REPEAT_PAUSE", 0.01)
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if service.hangs_up:
                self.connection.close()
                return
            status, answer = service.answer(service.requests[-1])
            if service.hangs_up_once:
                service.hangs_up_once = False
                self.connection.close()
                return
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_ADDRESS = MailAddress("anymail", "brevo")
    settings.ANYMAIL_BACKEND = "anymail.backends.brevo.EmailBackend"
    settings.ANYMAIL = {"BREVO_API_KEY": "key", "BREVO_API_URL": f"http://127.0.0.1:{server.server_address[1]}/v3/"}
    yield service
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_a_newsletter_by_a_service(freeze: Freeze, service: Service) -> None:
    mailing = freeze("a@example.org")
    engine.deliver_now()
    (request,) = service.requests
    assert request["to"] == [{"email": "a@example.org"}]
    assert request["subject"] == "Työelämä nyt"
    assert "Hyvää päivää" in request["htmlContent"]
    assert "Hyvää päivää" in request["textContent"]
    headers = {name.lower(): value for name, value in request["headers"].items()}
    assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert json.loads(headers["x-mailin-custom"]) == {"delivery": str(Delivery.objects.get(mailing=mailing).pk)}
    assert ledger.balance(mailing).sent == 1


@pytest.mark.django_db
def test_an_invitation_goes_as_a_file(heard: Heard, service: Service) -> None:
    invitation = (b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", "REQUEST")
    outbox.send(to="a@example.org", subject="Hei", text="a", html="b", language="fi", stream=SYSTEM, calendar=invitation)
    engine.deliver_now()
    assert [file["name"] for file in service.requests[0]["attachment"]] == ["invite.ics"]


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "state"), [(400, "failed"), (401, "waiting"), (429, "waiting"), (503, "waiting"), (500, "in_doubt")])
def test_a_service_that_refuses(freeze: Freeze, service: Service, status: int, state: str) -> None:
    service.status = status
    mailing = freeze("a@example.org")
    engine.deliver_now()
    assert Delivery.objects.get(mailing=mailing).state == state


@pytest.mark.django_db
def test_a_service_that_hangs_up_leaves_a_doubt(freeze: Freeze, service: Service) -> None:
    service.hangs_up = True
    mailing = freeze("a@example.org")
    engine.deliver_now()
    assert Delivery.objects.get(mailing=mailing).state == "in_doubt"


@pytest.mark.django_db
def test_a_service_that_is_away_defers(freeze: Freeze, service: Service, settings: Any) -> None:
    settings.ANYMAIL = {"BREVO_API_KEY": "key", "BREVO_API_URL": "http://127.0.0.1:1/v3/"}
    mailing = freeze("a@example.org")
    engine.deliver_now()
    assert Delivery.objects.get(mailing=mailing).state == "waiting"


@pytest.mark.django_db
def test_the_copies_of_a_variant_go_in_one_request(freeze: Freeze, service: Service) -> None:
    mailing = freeze(*addresses(12))
    engine.deliver_now()
    (request,) = service.requests
    versions = {version["to"][0]["email"]: version for version in request["messageVersions"]}
    assert sorted(service.taken) == sorted(versions) == sorted(addresses(12))
    for delivery in Delivery.objects.filter(mailing=mailing):
        version = versions[delivery.address]
        headers = {name.lower(): value for name, value in version["headers"].items()}
        assert json.loads(headers["x-mailin-custom"]) == {"delivery": str(delivery.pk)}
        assert links.token(links.UNSUBSCRIBE, delivery) in headers["list-unsubscribe"]
        # The words of this copy: the service writes its values into the words of all.
        html = request["htmlContent"]
        for name, value in version["params"].items():
            html = html.replace(f"{{{{ params.{name} }}}}", value)
        assert "{{" not in html
        assert all(links.click_url(delivery, link.pk) in html for link in Link.objects.filter(mailing=mailing))
    assert ledger.balance(mailing).sent == 12


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 12])
def test_a_request_without_an_answer_is_repeated_with_its_key_and_taken_once(freeze: Freeze, service: Service, number: int) -> None:
    service.hangs_up_once = True
    mailing = freeze(*addresses(number))
    engine.deliver_now()
    assert len(service.requests) == 2
    assert len({request["headers"]["idempotencyKey"] for request in service.requests}) == 1
    assert sorted(service.taken) == sorted(addresses(number))
    assert ledger.balance(mailing) == ledger.Balance(number, number, 0, 0, 0, 0)


@pytest.mark.django_db
def test_another_attempt_has_another_key(freeze: Freeze, service: Service) -> None:
    service.status = 400
    mailing = freeze("a@example.org")
    engine.deliver_now()
    service.status = 201
    ledger.retry_failed(mailing, by=None)
    engine.deliver_now()
    assert len({request["headers"]["idempotencyKey"] for request in service.requests}) == 2
    assert ledger.balance(mailing).sent == 1


@pytest.mark.django_db
def test_the_emblem_is_shown_from_the_site_where_no_picture_can_be_inside(heard: Heard, service: Service, client: Client) -> None:
    outbox.send_single(to="a@example.org", subject="Hei", language="fi", heading="Hei", paragraphs=["Teksti"], stream=SYSTEM)
    engine.deliver_now()
    assert Delivery.objects.get().state == "sent"
    html = service.requests[0]["htmlContent"]
    assert "cid:" not in html
    address = "/mail/emblem.png"
    assert f'src="http://localhost{address}"' in html
    answer = client.get(address)
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.django_db
def test_words_that_the_service_would_take_for_its_own_go_one_by_one(freeze: Freeze, service: Service) -> None:
    mailing = freeze(*addresses(3))
    variant = Variant.objects.get(mailing=mailing)
    variant.mime = bytes(variant.mime).replace(b"<p>Hyv", b"<p>{{ 7 }} Hyv")
    variant.save()
    engine.deliver_now()
    assert len(service.requests) == 3
    assert all("{{ 7 }}" in request["htmlContent"] for request in service.requests)
