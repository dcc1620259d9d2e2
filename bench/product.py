"""The product as production runs it, with the demo."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.machine import free_port, run, running, say, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

PAGE = "/fi/"
HOST = "localhost"
# As the proxy in front passes a browser's request on.
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip, deflate, br, zstd"}


def settings(data: Path) -> dict[str, str]:
    """Production's environment, as docs/running.md has it."""
    taken = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "DATABASE_URL", "REDIS_URL", "WEB_PROCESSES") if os.environ.get(name)}
    return {
        "DATABASE_URL": f"sqlite:///{data / 'kantama.sqlite3'}",
        "WEB_PROCESSES": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "KANTAMA_DATA": str(data),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DEFAULT_FROM_EMAIL": "bench@kantama.internal",
        "TRUSTED_PROXIES": "1",
        "LOG_LEVEL": "WARNING",
        **taken,
    }


def prepare(environment: dict[str, str]) -> None:
    """The demo is made with the settings of development: its mail goes to an outbox, which production refuses."""
    manage = [sys.executable, "manage.py"]
    development = {name: value for name, value in environment.items() if name != "EMAIL_URL"} | {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    say("Making the demo; this takes a minute.")
    run([*manage, "migrate", "--verbosity", "0"], development)
    run([*manage, "demo"], development)
    run([*manage, "collectstatic", "--noinput", "--verbosity", "0"], environment)


@contextmanager
def demo_here(data: Path | None) -> Iterator[None]:
    """The demo for this process: its environment is that of development on a folder that is kept, or on one that goes again."""
    with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name:
        folder = data.resolve() if data else Path(name)
        prepare(settings(folder))
        environment = settings(folder) | {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        del environment["EMAIL_URL"]
        os.environ.update(environment)
        yield


@dataclass(frozen=True)
class Product:
    url: str
    pid: int


def start_product(stack: ExitStack, environment: dict[str, str], folder: Path) -> Product:
    port, log = free_port(), folder / "product.log"
    process = stack.enter_context(running([sys.executable, "manage.py", "web", "--port", str(port)], environment, log))
    url = f"http://127.0.0.1:{port}"
    wait_for(url + PAGE, HEADERS, process, log)
    return Product(url, process.pid)
