"""What `make bench-reach` measures beside: a beacon that is one INSERT, and nothing else. Served as the product is, on the same kind of database."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

ADDRESS = os.environ["DATABASE_URL"]
INSERT = "INSERT INTO bench_view (at, page, agent, address) VALUES ({0}, {0}, {0}, {0})"
CREATE = "CREATE TABLE IF NOT EXISTS bench_view (at DOUBLE PRECISION, page TEXT, agent TEXT, address TEXT)"
_here = threading.local()


def connect() -> Any:
    """One to each thread, as settings have it."""
    if not hasattr(_here, "connection"):
        if ADDRESS.startswith("postgres"):
            import psycopg

            _here.connection, _here.sign = psycopg.connect(ADDRESS, autocommit=True), "%s"
        else:
            import sqlite3

            _here.connection = sqlite3.connect(ADDRESS.removeprefix("sqlite:///") + ".plain", timeout=20, isolation_level=None)
            _here.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
            _here.sign = "?"
        _here.connection.execute(CREATE)
    return _here.connection


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        page = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        row = (time.time(), page, environ.get("HTTP_USER_AGENT", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))
        connect().execute(INSERT.format(_here.sign), row)
    start_response("204 No Content", [])
    return []
