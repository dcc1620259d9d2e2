"""How the web server is started, in production and on one's own machine."""

from __future__ import annotations

import sys

from django.conf import settings

# Python runs one thread of a process at a time: more threads only keep a slow answer from holding up the others.
THREADS = 4
PATIENCE = 20  # seconds for the answers that are under way when the server stops


def web_server(*, host: str, port: int) -> list[str]:
    """The words of the command. It answers HTTP; TLS is spoken by the proxy in front."""
    options = ["--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port)]
    options += ["--workers", str(settings.WEB_PROCESSES), "--blocking-threads", str(THREADS), "--respawn-failed-workers"]
    # Told to stop while it still starts, a process would otherwise never end.
    options += ["--workers-kill-timeout", str(PATIENCE)]
    return [sys.executable, "-m", "granian", *options, "--working-dir", str(settings.ROOT / "site"), "config.wsgi:application"]


def port(text: str) -> int:
    """For argparse, which turns a ValueError into its own words."""
    if not 1 <= (number := int(text)) <= 65535:
        raise ValueError(text)
    return number
