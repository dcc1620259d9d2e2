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
SUBSCRIBERS = 30
START_SECONDS, STOP_SECONDS, MAIL_SECONDS = 60, 20, 30


@dataclass
class Server:
    data: Path
    # Without one, mails go to the outbox.
    email_url: str = ""
    port: int = field(init=False)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        ours = {"KANTAMA_DATA": str(self.data), "BASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "config.settings.dev", "LOG_LEVEL": "WARNING"}
        if self.email_url:
            ours["EMAIL_URL"] = self.email_url
        return {name: os.environ[name] for name in KEPT if name in os.environ} | ours

    def manage(self, *words: str) -> str:
        """What the command printed. Its errors stop the tests."""
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def call(self, function: str, **arguments: Any) -> Any:
        """`call("tests.e2e.places.places")`: runs it beside the server, on the same database. Arguments and answer go as JSON."""
        module, _, name = function.rpartition(".")
        code = f"import json; from {module} import {name} as f; print(json.dumps(f(**json.loads({json.dumps(json.dumps(arguments))}))))"
        return json.loads(self.manage("shell", "--no-imports", "-c", code).splitlines()[-1])

    def prepare(self) -> None:
        """Makes the database and the demo."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("demo", "--logins", "--subscribers", str(SUBSCRIBERS))

    def start(self) -> None:
        site = str(ROOT / "site")
        self._run("web", "-m", "granian", "--interface", "wsgi", "--port", str(self.port), "--working-dir", site, "config.wsgi:application")
        self._run("worker", str(ROOT / "manage.py"), "qcluster")
        self._wait()

    def _run(self, name: str, *words: str) -> None:
        with (self.data / f"{name}.log").open("wb") as log:
            # A group of its own: Ctrl-C in the terminal is for pytest, which then stops the server in order.
            command = [sys.executable, *words]
            self.running.append(
                subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
            )

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.running[0].poll() is None, (self.data / "web.log").read_text()[-4000:]
            try:
                with urlopen(f"{self.url}/fi/", timeout=10):
                    return
            except (URLError, ConnectionError):
                time.sleep(0.2)
        raise TimeoutError((self.data / "web.log").read_text()[-4000:])

    def stop(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGINT)
        for process in self.running:
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def mails(self, to: str) -> list[EmailMessage]:
        """The mails that this address has got, oldest first."""
        letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted((self.data / "outbox").glob("*.eml"))]
        return [letter for letter in letters if to in str(letter["To"])]

    def wait_for_mail(self, to: str, *, number: int = 1) -> EmailMessage:
        """The newest mail to this address, once it has got so many: the worker sends."""
        until = time.monotonic() + MAIL_SECONDS
        while len(found := self.mails(to)) < number:
            assert time.monotonic() < until, f"{to} got {len(found)} mails; {(self.data / 'worker.log').read_text()[-2000:]}"
            time.sleep(0.2)
        return found[-1]
