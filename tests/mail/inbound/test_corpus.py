"""What comes back is read right: the labelled corpus, the half that rules were written by and the half that nobody looked at."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mail.inbound import reading
from mail.inbound.statuses import Kind

CORPUS = Path(__file__).parent / "corpus"
MESSAGES: list[dict[str, Any]] = tomllib.loads((CORPUS / "labels.toml").read_text(encoding="utf-8"))["message"]


def found(message: dict[str, Any]) -> list[tuple[str, str, str]]:
    return facts((CORPUS / message["file"]).read_bytes())


def facts(message: bytes) -> list[tuple[str, str, str]]:
    return sorted((row.address, str(row.kind), row.status) for row in reading.rows_of(message))


def expected(message: dict[str, Any]) -> list[tuple[str, str, str]]:
    return sorted((row["address"], row["kind"], row["status"]) for row in message["rows"])


def test_every_message_has_a_label() -> None:
    assert sorted(message["file"] for message in MESSAGES) == sorted(path.name for path in CORPUS.glob("*.eml"))
    assert len(MESSAGES) >= 100


@pytest.mark.parametrize("held_out", [False, True])
def test_at_least_95_of_100_are_read_right(held_out: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Address, kind and status of each row. Of the seen, those that are wrong are named; of those held out, the number alone."""
    chosen = [message for message in MESSAGES if message["held_out"] is held_out]
    wrong = [f"{message['file']}: {found(message)}" for message in chosen if found(message) != expected(message)]
    share = 1 - len(wrong) / len(chosen)
    with capsys.disabled():
        print(f"\n{'held out' if held_out else 'seen'}: {len(chosen) - len(wrong)} of {len(chosen)} read right ({share:.1%})")
    if not held_out:
        assert wrong == [] or share >= 0.95, "\n".join(wrong)
    assert share >= 0.95


def test_line_ends_and_the_line_of_mailbox_files_change_nothing() -> None:
    """A pipe gives LF and may give a line in front, IMAP gives CRLF."""
    for message in MESSAGES:
        plain = (CORPUS / message["file"]).read_bytes().replace(b"\r\n", b"\n")
        for other in (plain.replace(b"\n", b"\r\n"), b"From MAILER-DAEMON Tue Nov  3 10:00:00 2026\n" + plain):
            assert facts(other) == facts(plain), message["file"]


def test_no_live_address_is_taken_for_a_dead_one() -> None:
    """Whatever else is wrong: who is not labelled hard is not read as hard."""
    living = {row["address"] for message in MESSAGES for row in message["rows"] if row["kind"] != "hard"}
    lost = {message["file"] for message in MESSAGES for address, kind, _ in found(message) if kind == Kind.HARD and address in living}
    assert len(lost) == 0
