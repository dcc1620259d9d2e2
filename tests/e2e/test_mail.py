"""The mail that arrives: an issue with every block goes by SMTP with DKIM, and the bytes that a server took are looked at, in three languages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.e2e.server import Server
from tests.e2e.test_accessibility import AXE, overflow, violations
from tests.e2e.test_html import CHECKER
from tests.mail import sink as sinks
from tests.mail.test_dkim import pem, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from playwright.sync_api import Browser

LANGUAGES = ("fi", "sv", "en")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SHOWN_BY_GMAIL = 102 * 1024
# What the checker finds in every mail, and why each stays. Outlook for Windows knows tables by their attributes, and properties of its own; programs
# on old telephones know the first name of `color-scheme`; `mrml` writes the name spaces and the type of styles, which no program minds.
FOR_MAIL_PROGRAMS = re.compile(
    r"The “\w+” attribute on the “(?:table|td|tr)” element is obsolete\."
    r"|CSS: “mso-[\w-]+”: |CSS: “-(?:ms|webkit)-[\w-]+”: |CSS: “supported-color-schemes”: "
    r"|Attribute “xmlns:[vo]” not allowed here\.|The “type” attribute for the “style” element is not needed"
)


class Arrived:
    """What came for the readers, by language: the first copy's bytes of each letter."""

    def __init__(self, taken: list[tuple[str, bytes]], subjects: dict[str, str]) -> None:
        self.subjects = subjects
        self.raw = [mime for _to, mime in taken]
        self.letters = [(mime, message_from_bytes(mime, policy=policy.default)) for mime in self.raw]

    def of(self, language: str) -> list[tuple[bytes, EmailMessage]]:
        return [(mime, mail) for mime, mail in self.letters if mail["Subject"] == self.subjects[language]]

    def html(self, language: str) -> str:
        """Of the longest: the one with the part for some readers."""
        return max((part(mail, "html") for _mime, mail in self.of(language)), key=len)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.fixture(scope="module")
def arrived(data_with_demo: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arrived]:
    sink = sinks.Sink(is_pipelining=True)
    controller = sinks.start(sink)
    key = tmp_path_factory.mktemp("dkim") / "key.pem"
    key.write_bytes(pem(KEY))
    server = Server(data_with_demo(), email_url=f"smtp://127.0.0.1:{sink.port}", more={"DKIM_KEY_FILE": str(key), "DKIM_SELECTOR": "k1"})
    try:
        subjects = server.call("tests.e2e.issues.send_issue_with_every_block")
        yield Arrived([(to, mime) for to, mime in sink.taken if mime], subjects)
    finally:
        server.stop()
        controller.stop()


def test_it_is_mail_by_the_standards_and_its_signature_is_good(arrived: Arrived) -> None:
    for language in LANGUAGES:
        found = arrived.of(language)
        assert found, f"nobody got it in {language}"
        for mime, mail in found:
            assert not mail.defects
            assert mail.get_content_type() == "multipart/alternative"
            # The emblem goes with the HTML, so that it is there before a program is told to fetch pictures.
            assert [kind.get_content_type() for kind in mail.walk() if not kind.is_multipart()] == ["text/plain", "text/html", "image/png"]
            assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert re.search(r"<https?://[^>]+/newsletters/unsubscribe/[^>]+>", mail["List-Unsubscribe"])
            assert all(not re.search(r"\{\{|\}\}|%\(", part(mail, kind)) for kind in ("plain", "html"))
            assert len(mime) < SHOWN_BY_GMAIL
            assert dkimpy.verify(mime, dnsfunc=lambda name, timeout=5: record(KEY) if name == b"k1._domainkey.example.org." else b"")
            signed = re.search(rb"DKIM-Signature:.*?h=([^;]+);", mime, re.DOTALL)
            assert signed is not None
            assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= {name.strip().lower() for name in signed[1].split(b":")}
            changed = mime.replace(b"List-Unsubscribe=One-Click", b"List-Unsubscribe=One-click")
            assert not dkimpy.verify(changed, dnsfunc=lambda name, timeout=5: record(KEY))


def test_the_part_for_some_readers_reaches_those_alone(arrived: Arrived) -> None:
    has_part = ["hyvinvoinnin tilaajille" in part(mail, "plain") for _mime, mail in arrived.of("fi")]
    assert set(has_part) == {True, False}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 600])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_read_it(arrived: Arrived, browser: Browser, language: str, width: int, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        # A reader's program asks for no picture before it is told to.
        page.route("**/*", lambda route: route.abort())
        page.set_content(arrived.html(language))
        page.evaluate(AXE)
        assert violations(page) == []
        assert overflow(page) == []
        assert page.locator("html").get_attribute("lang") == language
    finally:
        context.close()


@pytest.mark.skipif(not shutil.which("java"), reason="the checker needs Java: Debian's default-jre-headless")
def test_its_html_is_valid_but_for_what_mail_programs_need(arrived: Arrived, tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.html").write_text(arrived.html(language))
    files = [str(path) for path in sorted(tmp_path.glob("*.html"))]
    done = subprocess.run(["java", "-jar", str(CHECKER), "--format", "json", "--stdout", *files], capture_output=True, text=True, check=False)
    found = [one for one in json.loads(done.stdout)["messages"] if not FOR_MAIL_PROGRAMS.match(one["message"])]
    assert not found, "\n".join(sorted({f"{one['message']} {one.get('extract', '')!r}" for one in found}))
