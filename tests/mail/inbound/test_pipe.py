"""The command that a mail server hands messages to."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from mail import engine, suppression
from mail.inbound import verp
from mail.models import Bounce, Delivery
from tests.mail.inbound import notices
from tests.mail.inbound.test_corpus import CORPUS

if TYPE_CHECKING:
    from tests.mail.conftest import Freeze, Heard

ROOT = Path(__file__).resolve().parents[3]


def test_a_real_pipe_without_a_database(tmp_path: Path) -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "manage.py", "read_bounce", "--dry-run", "--json"]
    message = (CORPUS / "dsn-utf8-recipient.eml").read_bytes()
    done = subprocess.run(command, cwd=ROOT, env=environment, input=message, capture_output=True, check=True)
    assert json.loads(done.stdout) == [{"address": "päivi@outo.example", "kind": "hard", "status": "5.1.1"}]
    without = subprocess.run(command[:-2], cwd=ROOT, env=environment, input=message, capture_output=True, check=False)
    # EX_TEMPFAIL: the mail server keeps the message.
    assert without.returncode == 75


def hand_over(monkeypatch: pytest.MonkeyPatch, message: bytes, *options: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(message)))
    out = io.StringIO()
    call_command("read_bounce", *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_dry_run_writes_nothing_and_the_run_does(
    freeze: Freeze, heard: Heard, outbox_folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BOUNCE_ADDRESS = "bounces@example.fi"
    freeze("a@example.org")
    engine.deliver_now()
    delivery = Delivery.objects.get(mailing__isnull=False)
    notice = notices.dsn(to=verp.return_path(delivery.pk))
    shown = hand_over(monkeypatch, notice, "--dry-run")
    assert shown.split() == ["address", "kind", "status", "a@example.org", "hard", "5.1.1"]
    assert (Bounce.objects.count(), suppression.is_suppressed("a@example.org")) == (0, False)
    assert hand_over(monkeypatch, notice) == shown
    assert suppression.is_suppressed("a@example.org")
