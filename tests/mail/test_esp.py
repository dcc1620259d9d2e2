"""An e-mail service, by a small server on loopback that speaks as Brevo does."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from base.environment import MailAddress
from mail import engine, ledger, outbox
from mail.models import Delivery
from tests.mail.conftest import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mail.conftest import Freeze, Heard


class Service:
    """`requests` are the bodies; `status` and `hangs_up` say how it answers."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.status = 201
        self.hangs_up = False


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if service.hangs_up:
                self.connection.close()
                return
            answer = {"messageId": f"<{len(service.requests)}@brevo>"} if service.status == 201 else {"code": "no", "message": "no"}
            body = json.dumps(answer).encode()
            self.send_response(service.status)
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
