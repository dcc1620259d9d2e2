"""RFC 8058 as a mail program does it: `curl`, an address from a real mail's header, no cookie. Whoever only looks changes nothing."""

from __future__ import annotations

import re
import subprocess
from email import message_from_bytes, policy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.e2e.server import Server


def state_of(address: str) -> list[str]:
    from newsletters.models import Subscription

    return sorted(Subscription.objects.filter(person__email=address).values_list("state", flat=True))


def a_newsletter(server: Server) -> EmailMessage:
    for file in sorted((server.data / "outbox").glob("*.eml"), reverse=True):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if mail["List-Unsubscribe-Post"] and "confirmed" in server.call("tests.e2e.test_one_click.state_of", address=str(mail["To"])):
            return mail
    raise AssertionError("The demo has sent no newsletter.")


def curl(*words: str) -> tuple[str, str]:
    """Head and body of the answer."""
    answer = subprocess.run(["curl", "--silent", "--include", "--max-time", "20", *words], capture_output=True, check=True, text=True).stdout
    head, _, body = answer.replace("\r\n", "\n").partition("\n\n")
    return head, body


def test_one_click_leaves_and_a_look_does_not(server: Server) -> None:
    mail = a_newsletter(server)
    reader, header = str(mail["To"]), str(mail["List-Unsubscribe"])
    assert str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    found = re.search(r"<(https?://[^>]+)>", header)
    assert found
    address = f"{server.url}{urlsplit(found[1]).path}"
    before = server.call("tests.e2e.test_one_click.state_of", address=reader)
    for words in (("--head", address), (address,), ("-A", "Mozilla/5.0 (compatible; LinkScanner/1.0)", address), ("-X", "OPTIONS", address)):
        curl(*words)
        assert server.call("tests.e2e.test_one_click.state_of", address=reader) == before
    head, _ = curl("--data", "List-Unsubscribe=One-Click", address)
    assert head.startswith("HTTP/1.1 200")
    assert "set-cookie" not in head.lower()
    after = server.call("tests.e2e.test_one_click.state_of", address=reader)
    assert after.count("ended") == before.count("ended") + 1
    # Again: the same answer, and nothing more.
    head, _ = curl("--data", "List-Unsubscribe=One-Click", address)
    assert head.startswith("HTTP/1.1 200")
    assert server.call("tests.e2e.test_one_click.state_of", address=reader) == after
