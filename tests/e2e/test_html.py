"""The HTML of every public page, in each language, by the Nu HTML checker: no error and no warning."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.e2e.server import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.server import Server

CHECKER = ROOT / "tests/e2e/node_modules/vnu-jar/build/dist/vnu.jar"
ACTION = re.compile(r'<form class="form"[^>]* action="([^"]+)"')
LANGUAGES = ("fi", "sv", "en")


def html_at(url: str, form: bytes | None = None) -> bytes:
    """Also of a page that answers 404 or 422."""
    try:
        with urlopen(url, form, timeout=10) as answer:
            return answer.read()
    except HTTPError as error:
        return error.read()


@pytest.mark.skipif(not shutil.which("java"), reason="the checker needs Java: Debian's default-jre-headless")
def test_the_html_is_valid(server: Server, places_in: Callable[[str], dict[str, str]], tmp_path: Path) -> None:
    for language in LANGUAGES:
        public = {name: path for name, path in places_in(language).items() if not path.startswith("/admin/")}
        for name, path in (public | {"outbox": "/mail/outbox/"}).items():
            (tmp_path / f"{language}-{name}.html").write_bytes(html_at(server.url + path))
        (tmp_path / f"{language}-server-error.html").write_text(server.call("tests.e2e.places.public.server_error"))
        (tmp_path / f"{language}-busy.html").write_text(server.call("tests.e2e.places.public.busy"))
        for name in ("event", "newsletter"):
            [action] = ACTION.findall((tmp_path / f"{language}-{name}.html").read_text())
            (tmp_path / f"{language}-{name}-with-errors.html").write_bytes(html_at(server.url + action, b"first_name="))
    files = [str(path) for path in sorted(tmp_path.glob("*.html"))]
    assert len(files) > 50
    done = subprocess.run(["java", "-jar", str(CHECKER), "--format", "json", "--stdout", *files], capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["messages"]
    assert not found, "\n".join(f"{one['url'].rpartition('/')[2]}: {one['message']} {one.get('extract', '')!r}" for one in found)
