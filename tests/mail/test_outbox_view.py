from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mail import engine, outbox
from mail.folder import stored_mails
from tests.mail.conftest import SYSTEM

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from tests.mail.conftest import Heard

pytestmark = pytest.mark.django_db
INVITATION = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def send(number: int = 1) -> None:
    outbox.send_single(
        to=f"a{number}@example.org",
        subject=f"Tervetuloa {number}",
        language="fi",
        heading="Hei <script>",
        paragraphs=["Työpaja alkaa."],
        stream=SYSTEM,
        button=("Katso ohjelma", "https://example.org/o/"),
        calendar=(INVITATION, "REQUEST"),
    )


@pytest.fixture
def mail_url(outbox_folder: Path, heard: Heard) -> str:
    send()
    engine.deliver_now()
    return f"/mail/outbox/{stored_mails()[0].name}/"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_empty_outbox_says_how_to_begin(client: Client, outbox_folder: Path, language: str) -> None:
    response = client.get("/mail/outbox/", headers={"accept-language": language}, REMOTE_ADDR="127.0.0.1", HTTP_HOST="localhost:8000")
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()
    assert "empty" in response.content.decode()


def test_the_list_is_newest_first_and_in_pages(client: Client, outbox_folder: Path, heard: Heard) -> None:
    for number in range(30):
        send(number)
    engine.deliver_now()
    page = client.get("/mail/outbox/", HTTP_HOST="localhost").content.decode()
    assert page.index("Tervetuloa 29") < page.index("Tervetuloa 28")
    assert "Tervetuloa 4<" not in page
    assert "Tervetuloa 4<" in client.get("/mail/outbox/?page=2", HTTP_HOST="localhost").content.decode()


def test_a_mail_is_shown_whole(client: Client, mail_url: str) -> None:
    page = client.get(mail_url, HTTP_HOST="localhost").content.decode()
    for words in ("Tervetuloa 1", "a1@example.org", "Työpaja alkaa.", "Auto-Submitted", 'sandbox="allow-popups', "invite.ics", "<h1"):
        assert words in page
    assert "<script>" not in page.replace("<script src", "")


def test_its_html_stands_alone_in_a_sandbox(client: Client, mail_url: str) -> None:
    response = client.get(f"{mail_url}html/", HTTP_HOST="localhost")
    page = response.content.decode()
    assert "data:image/png;base64," in page
    assert "cid:" not in page
    assert '<base target="_blank">' in page
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


def test_invitation_and_source_are_to_download(client: Client, mail_url: str) -> None:
    response = client.get(f"{mail_url}0/", HTTP_HOST="localhost")
    assert response.content == INVITATION
    assert response["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert client.get(f"{mail_url}source/", HTTP_HOST="localhost").content.startswith(b"From: ")
    assert client.get(f"{mail_url}9/", HTTP_HOST="localhost").status_code == 404


@pytest.mark.parametrize("name", ["..%2F..%2Fsettings.py", "nothing.eml", "20260101T000000000000-1-0123456789abcdef.eml"])
def test_no_other_file_is_shown(client: Client, mail_url: str, name: str) -> None:
    assert client.get(f"/mail/outbox/{name}/", HTTP_HOST="localhost").status_code == 404


@pytest.mark.parametrize(
    "origin",
    [
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "localhost"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "testserver"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
    ],
)
def test_from_elsewhere_it_is_for_staff(client: Client, admin_client: Client, django_user_model: Any, mail_url: str, origin: dict[str, Any]) -> None:
    for path in ("/mail/outbox/", mail_url, f"{mail_url}html/", f"{mail_url}source/", f"{mail_url}0/"):
        response = client.get(path, **origin)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
        assert admin_client.get(path, **origin).status_code == 200
    client.force_login(django_user_model.objects.create_user("outsider"))
    assert client.get("/mail/outbox/", **origin).status_code == 403


def test_there_is_none_in_production_or_without_a_folder(client: Client, mail_url: str, settings: Any) -> None:
    settings.PRODUCTION = True
    assert client.get("/mail/outbox/", HTTP_HOST="localhost").status_code == 404
    settings.PRODUCTION = False
    settings.EMAIL_ADDRESS = type(settings.EMAIL_ADDRESS)("smtp", "127.0.0.1", 25)
    assert client.get("/mail/outbox/", HTTP_HOST="localhost").status_code == 404
