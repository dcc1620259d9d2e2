"""A Kantama of its own, as an operator runs it: migrated, with the demo, served by granian beside a worker."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from email.message import EmailMessage

ROOT = Path(__file__).resolve().parents[2]
# Nothing of whoever starts the tests reaches the server: no other database, no real mail.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
START_SECONDS, STOP_SECONDS, MAIL_SECONDS = 60, 20, 30


@dataclass
class Server:
    data: Path
    # Without one, mails go to the outbox.
    email_url: str = ""
    # Without one, processes hear of changed pages by a file.
    redis_url: str = ""
    # Settings beside these.
    more: dict[str, str] = field(default_factory=dict)
    # So many processes of the web server, each at a port of its own.
    web: int = 1
    ports: list[int] = field(init=False)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    beside: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        self.ports = [free_port() for _ in range(self.web)]

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    @property
    def url(self) -> str:
        return self.urls[0]

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "KANTAMA_DATA": str(self.data),
            "BASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LOG_LEVEL": "WARNING",
            "UNDO_SECONDS": "0",
        }
        if self.email_url:
            ours["EMAIL_URL"] = self.email_url
        if self.redis_url:
            ours["REDIS_URL"] = self.redis_url
        return {name: os.environ[name] for name in KEPT if name in os.environ} | ours | self.more

    def manage(self, *words: str) -> str:
        """What the command printed. Its errors stop the tests."""
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def call(self, function: str, **arguments: Any) -> Any:
        """`call("tests.e2e.places.places")`: runs it beside the server, on the same database. Arguments and answer go as JSON."""
        if self.beside is None:
            command = [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c"]
            with (self.data / "beside.log").open("wb") as log:
                self.beside = subprocess.Popen(
                    [*command, "from tests.e2e.beside import answer_calls; answer_calls()"],
                    cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
                )  # fmt: skip
        assert self.beside.stdin is not None
        assert self.beside.stdout is not None
        print(json.dumps([function, arguments]), file=self.beside.stdin, flush=True)
        line = self.beside.stdout.readline()
        assert line, (self.data / "beside.log").read_text()[-4000:]
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def start(self) -> None:
        site = str(ROOT / "site")
        for number, port in enumerate(self.ports, 1):
            words = ("-m", "granian", "--interface", "wsgi", "--port", str(port), "--working-dir", site, "config.wsgi:application")
            self._run(f"web-{number}", *words)
        self._run("worker", str(ROOT / "manage.py"), "qcluster")
        for number, url in enumerate(self.urls, 1):
            self._wait(url, self.running[number - 1], self.data / f"web-{number}.log")

    def _run(self, name: str, *words: str) -> None:
        with (self.data / f"{name}.log").open("wb") as log:
            # A group of its own: Ctrl-C in the terminal is for pytest, which then stops the server in order.
            command = [sys.executable, *words]
            self.running.append(
                subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
            )

    def _wait(self, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert process.poll() is None, log.read_text()[-4000:]
            try:
                with urlopen(f"{url}/fi/", timeout=10):
                    return
            except (URLError, ConnectionError):
                time.sleep(0.1)
        raise TimeoutError(log.read_text()[-4000:])

    def stop(self) -> None:
        if self.beside is not None:
            # Its input ends, and so does it.
            self.beside.communicate(timeout=STOP_SECONDS)
        for process in self.running:
            process.send_signal(signal.SIGINT)
        for process in self.running:
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def mails(self, to: str, subject: str = "") -> list[EmailMessage]:
        """The mails that this address has got, oldest first."""
        # The demo's are many, and reading them all takes seconds.
        raw = [content for path in sorted((self.data / "outbox").glob("*.eml")) if to.encode() in (content := path.read_bytes())]
        letters = [message_from_bytes(content, policy=policy.default) for content in raw]
        return [letter for letter in letters if to in str(letter["To"]) and subject in str(letter["Subject"])]

    def wait_for_mail(self, to: str, *, subject: str = "", number: int = 1) -> EmailMessage:
        """The newest mail to this address, once it has got so many: the worker sends."""
        until = time.monotonic() + MAIL_SECONDS
        while len(found := self.mails(to, subject)) < number:
            assert time.monotonic() < until, f"{to} got {len(found)} mails; {(self.data / 'worker.log').read_text()[-2000:]}"
            time.sleep(0.1)
        return found[-1]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
