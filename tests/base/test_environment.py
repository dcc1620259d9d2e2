"""A wrong environment variable is one clear sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from base import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: environment.database("X", ""), "mysql://localhost/x"),
        (lambda: environment.database("X", ""), "postgres://localhost"),
        (lambda: environment.redis("X"), "localhost:6379"),
        (lambda: environment.mail("X", ""), "imap://example.org"),
        (lambda: environment.mail("X", ""), "smtp://example.org:port"),
        (lambda: environment.web_address("X"), "example.org"),
        (lambda: environment.flag("X", default=True), "perhaps"),
        (lambda: environment.whole_number("X", 1), "many"),
        (lambda: environment.whole_number("X", 1, least=1), "0"),
        (lambda: environment.folder("X", ROOT), "var"),
        (lambda: environment.text("X"), ""),
        (lambda: environment.web_address("X"), "http://[::1"),
        (lambda: environment.web_address("X"), "https://example.org:port"),
        (lambda: environment.web_address("X"), "https://user:password@example.org"),
        (lambda: environment.web_address("X"), "https://example.org#top"),
        (lambda: environment.web_address("X"), "https://exam ple.org"),
        (lambda: environment.redis("X"), "redis://"),
        (lambda: environment.redis("X"), "redis://localhost:port"),
        (lambda: environment.mail("X", ""), "smtp://[::1"),
        (lambda: environment.mail("X", ""), "anymail://nobody"),
        (lambda: environment.log_level("X", "INFO"), "loud"),
        (lambda: environment.sender("X", ""), "nobody"),
        (lambda: environment.mailbox("X"), "imaps://example.org"),
        (lambda: environment.mailbox("X"), "pop3://user:password@example.org"),
        (lambda: environment.mailbox("X"), "imaps://user:p\u00e4ssw\u00f6rd@example.org"),
        (lambda: environment.mailbox("X"), "imaps://user:a%0d%0ab@example.org"),
        (lambda: environment.webhook_secret("X"), "secret"),
        (lambda: environment.webhook_secret("X"), "user:short"),
        (lambda: environment.bounce_address("X"), "Bounces <bounces@example.org>"),
        (lambda: environment.bounce_address("X"), "bounces@example.org\r\nRCPT TO:<a@example.org>"),
        (lambda: environment.bounce_address("X"), f"{'b' * 31}@example.org"),
        (lambda: environment.sender("X", ""), "a@example.org\nBcc: b@example.org"),
        (lambda: environment.made_folder("X", ROOT), "/proc/nothing"),
        (lambda: environment.made_folder("X", ROOT), str(ROOT / "manage.py")),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(monkeypatch, read, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(environment.EnvironmentProblem, match=r"^X .*\.$"):
        read()


def test_a_mail_address_is_taken_apart(monkeypatch):
    monkeypatch.setenv("X", "smtp+tls://user:p%40ss@mail.example.org")
    assert environment.mail("X", "") == environment.MailAddress("smtp+tls", "mail.example.org", 587, "user", "p@ss")


def test_the_start_stops_with_one_sentence():
    run = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check"], env={"DATABASE_URL": "mysql://x/y"}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.startswith("kantama: DATABASE_URL begins with 'mysql'")
    assert run.stderr.count("\n") == 1
