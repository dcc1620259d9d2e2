"""Strict readers of the environment: what is missing or malformed stops the start with one sentence.

Every variable that the product reads is read here; `docs/running.md` lists them.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from decimal import Decimal
from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Callable

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# A name, or an address of either kind.
HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+")
SENDER = re.compile(r"[^\s@<>]+@[^\s@<>]+")
BARE_ADDRESS = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,29}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
IMAP_PORTS = {"imap": 143, "imaps": 993}
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class EnvironmentProblem(ImproperlyConfigured):
    """An environment variable that cannot be used; its text is one sentence for the operator."""


@dataclass(frozen=True)
class MailAddress:
    """Where mail goes: `EMAIL_URL`, taken apart.

    `scheme` is `outbox` (a folder that the browser shows), `smtp`, `smtp+tls` (STARTTLS), `smtps`, or
    `anymail` (an e-mail service through django-anymail; `host` is then the name of its backend).
    """

    scheme: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    path: str = ""


@dataclass(frozen=True)
class MailboxAddress:
    """A mailbox over IMAP. `scheme` is `imaps`, or `imap` without encryption."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise EnvironmentProblem(f"{name} is not set, and there is no safe default for it.")
    return default


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "on" if default else "off").lower()
    if value in TRUE | FALSE:
        return value in TRUE
    raise EnvironmentProblem(f"{name} is {value!r}; write one of on, off, true, false, yes, no, 1, 0.")


def whole_number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise EnvironmentProblem(f"{name} is {value!r}; write a whole number.") from None
    if number < least:
        raise EnvironmentProblem(f"{name} is {number}; write a whole number of at least {least}.")
    return number


def amount(name: str, default: str) -> Decimal:
    """Money, of the currency that its name tells."""
    value = text(name, default)
    if not re.fullmatch(r"\d{1,6}(\.\d{1,4})?", value):
        raise EnvironmentProblem(f"{name} is {value!r}; write an amount such as 0.015.")
    return Decimal(value)


def server(name: str, port: int) -> tuple[str, int] | None:
    """HOST or HOST:PORT of a server by its IP address; None where it is not set."""
    value = text(name, "")
    if not value:
        return None
    parts = urlsplit(f"//{value}")
    try:
        return str(ip_address(parts.hostname or "")), parts.port or port
    except ValueError:
        raise EnvironmentProblem(f"{name} is {value!r}; write an IP address, with :PORT after it if need be.") from None


def words(name: str, default: str = "") -> list[str]:
    return [word for part in text(name, default).split(",") if (word := part.strip())]


def web_address(name: str, default: str | None = None) -> str:
    value = text(name, default).rstrip("/")
    parts = _split(name, value)
    rest = (parts.path, parts.query, parts.fragment, parts.username, parts.password)
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(parts.hostname or "") or any(rest):
        raise EnvironmentProblem(f"{name} is {value!r}; write the site's address, such as https://example.org, without a path.")
    return value


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default)))
    if not path.is_absolute():
        raise EnvironmentProblem(f"{name} is {str(path)!r}; write an absolute path.")
    return path


def file(name: str) -> Path | None:
    """A file that is there and can be read, or None where none is named."""
    value = text(name, "")
    if not value:
        return None
    path = Path(value)
    if not path.is_absolute() or not path.is_file() or not os.access(path, os.R_OK):
        raise EnvironmentProblem(f"{name} is {value!r}; write the absolute path of a file that can be read.")
    return path


def made_folder(name: str, default: Path) -> Path:
    """A folder that we may write into; it is made if it is not there."""
    path = folder(name, default)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(f"{name} is {str(path)!r}, which cannot be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise EnvironmentProblem(f"{name} is {str(path)!r}, into which nothing can be written.")
    return path


def log_level(name: str, default: str) -> str:
    value = text(name, default).upper()
    if value not in LOG_LEVELS:
        raise EnvironmentProblem(f"{name} is {value!r}; write one of {', '.join(LOG_LEVELS)}.")
    return value


def sender(name: str, default: str) -> str:
    """An address, or a name with an address in angle brackets."""
    value = text(name, default)
    if not SENDER.fullmatch(parseaddr(value)[1]) or not value.isprintable():
        raise EnvironmentProblem(f'{name} is {value!r}; write post@example.org, or "Kantama <post@example.org>".')
    return value


def bounce_address(name: str) -> str:
    """A bare address, or nothing. Short: what is written behind a `+` must fit into a local part's 64 octets too."""
    value = text(name, "")
    if value and not BARE_ADDRESS.fullmatch(value):
        raise EnvironmentProblem(f"{name} is {value!r}; write an address alone, such as bounces@example.org, at most 30 characters before the @.")
    return value


def mailbox(name: str) -> MailboxAddress | None:
    """`imaps://user:password@host:port/folder`, or nothing. A user's own @ is written %40."""
    value = text(name, "")
    if not value:
        return None
    parts = _split(name, value)
    if parts.scheme not in IMAP_PORTS or not parts.hostname or not parts.username or not parts.password:
        raise EnvironmentProblem(f"{name} cannot be read; write imaps://USER:PASSWORD@HOST, with %40 for an @ in the user's name.")
    user, password, folder = (unquote(part) for part in (parts.username, parts.password, parts.path.strip("/")))
    if not (user + password + folder).isascii() or not (user + password + folder).isprintable():
        raise EnvironmentProblem(f"{name} has a letter that IMAP cannot carry in a name or a password; use plain ASCII.")
    return MailboxAddress(parts.scheme, parts.hostname, parts.port or IMAP_PORTS[parts.scheme], user, password, folder or "INBOX")


def webhook_secret(name: str) -> str:
    """What the service sends as its basic authentication: `USER:PASSWORD`."""
    value = text(name, "")
    if value and (not re.fullmatch(r"[^\s:]+:\S{12,}", value) or not value.isascii()):
        raise EnvironmentProblem(f"{name} must be USER:PASSWORD, with a password of at least 12 characters.")
    return value


def _split(name: str, value: str) -> SplitResult:
    """The port is read too: a wrong one is found only then."""

    def split(value: str) -> SplitResult:
        parts = urlsplit(value)
        _ = parts.port
        return parts

    parts: SplitResult = _parsed(name, value, split)
    return parts


def _parsed(name: str, value: str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(value)
    except ValueError as error:
        raise EnvironmentProblem(f"{name} cannot be read: {str(error).rstrip('.')}.") from None


def database(name: str, default: str) -> dict[str, Any]:
    value = text(name, default)
    scheme = value.split(":", 1)[0]
    if scheme not in DATABASE_SCHEMES:
        raise EnvironmentProblem(f"{name} begins with {scheme!r}; write sqlite:///FILE or postgres://USER:PASSWORD@HOST/NAME.")
    parsed: dict[str, Any] = _parsed(name, value, dj_database_url.parse)
    if not parsed.get("NAME"):
        raise EnvironmentProblem(f"{name} names no database.")
    return parsed


def redis(name: str) -> str:
    value = text(name, "")
    parts = _split(name, value)
    if value and not (parts.scheme == "unix" or (parts.scheme in {"redis", "rediss"} and parts.hostname)):
        raise EnvironmentProblem(f"{name} is not a Redis address; write redis://HOST:PORT/NUMBER.")
    return value


def mail(name: str, default: str) -> MailAddress:
    """`outbox:///folder`, `smtp://user:password@host:port`, `smtp+tls://`, `smtps://` or `anymail://backend`."""
    value = text(name, default)
    parts = _split(name, value)
    if parts.scheme == "outbox" and parts.path:
        return MailAddress("outbox", path=parts.path)
    if parts.scheme == "anymail" and parts.netloc.isidentifier() and find_spec(f"anymail.backends.{parts.netloc.lower()}"):
        return MailAddress("anymail", host=parts.netloc.lower())
    if parts.scheme in SMTP_PORTS and parts.hostname:
        port = parts.port or SMTP_PORTS[parts.scheme]
        return MailAddress(parts.scheme, parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""))
    raise EnvironmentProblem(
        f"{name} cannot be read; write outbox:///FOLDER, smtp://HOST:PORT, smtp+tls://USER:PASSWORD@HOST, smtps://… or anymail://BACKEND."
    )
