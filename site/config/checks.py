"""What production refuses although each value is well formed: the unsafe, and what contradicts something else.

Every management command stops at an error here, and `manage.py web` before it opens its port. What is missing or
malformed has stopped the start before, in `base.environment`.
"""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core import checks
from django.core.checks.security.base import SECRET_KEY_MIN_LENGTH, SECRET_KEY_MIN_UNIQUE_CHARACTERS
from django.http.request import validate_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    Rule = tuple[str, bool, str]  # its name, whether it is broken, and what to set

LEAST_HSTS = 3600
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# RFC 2606 keeps these out of the mail system.
RESERVED_NAMES = {"example.com", "example.net", "example.org"}
RESERVED_ENDS = (".example", ".invalid", ".localhost", ".test")


def register() -> None:
    checks.register(refuse_settings, checks.Tags.security)
    checks.register(refuse_missing_static_files, checks.Tags.staticfiles, deploy=True)


def refuse_settings(app_configs: object = None, **_: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = [
        checks.Error(sentence, id=f"kantama.{name}")
        for rules in (_secrets, _addresses, _transport, _mail, _stores)
        for name, is_broken, sentence in rules()
        if is_broken
    ]
    if settings.WEB_PROCESSES > 1 and _is_sqlite():
        sentence = "SQLite lets one of several web processes write at a time; set DATABASE_URL to PostgreSQL where many people write."
        found.append(checks.Warning(sentence, id="kantama.sqlite_processes"))
    return found


def refuse_missing_static_files(app_configs: object = None, **_: Any) -> list[checks.CheckMessage]:
    """At the start of the web server alone: the commands that come before must run without them."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and staticfiles_storage.read_manifest() is None:
        return [checks.Error("The static files have not been collected; run manage.py collectstatic --noinput.", id="kantama.static_files")]
    return []


def _secrets() -> Iterator[Rule]:
    key = settings.SECRET_KEY
    is_weak = key == settings.DEVELOPMENT_KEY or len(key) < SECRET_KEY_MIN_LENGTH or len(set(key)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS
    yield "debug", settings.DEBUG, "DEBUG is on, which shows readers the source; set DEBUG = False in the settings."
    yield (
        "secret_key",
        is_weak,
        f"SECRET_KEY is the development key, or can be guessed; set at least {SECRET_KEY_MIN_LENGTH} random characters, as in docs/running.md.",
    )


def _addresses() -> Iterator[Rule]:
    base = urlsplit(settings.BASE_URL)
    yield "any_host", "*" in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS allows every host; name the hosts that the site answers to."
    yield "base_url_scheme", base.scheme != "https", f"BASE_URL is {settings.BASE_URL}; write an address that begins with https://."
    yield (
        "base_url_port",
        base.port not in {None, 443},
        f"BASE_URL has the port {base.port}, and Wagtail would link there without TLS; set none.",
    )
    yield (
        "base_url_host",
        not validate_host(base.hostname or "", settings.ALLOWED_HOSTS),
        f"BASE_URL names {base.hostname}, which the site does not answer to; add it to ALLOWED_HOSTS.",
    )


def _transport() -> Iterator[Rule]:
    cookies = settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
    yield "cookies", not cookies, "A cookie may travel without TLS; set SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True in the settings."
    yield (
        "hsts",
        settings.SECURE_HSTS_SECONDS < LEAST_HSTS,
        f"SECURE_HSTS_SECONDS lets browsers come back without TLS; set {LEAST_HSTS} or more.",
    )
    yield (
        "redirect_loop",
        settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER,
        "TRUSTED_PROXIES is 0, so each request would be sent on to https for ever; "
        "set how many proxies stand in front, or SECURE_SSL_REDIRECT=off where the web server itself speaks TLS.",
    )


def _mail() -> Iterator[Rule]:
    address, sender = settings.EMAIL_ADDRESS, settings.DEFAULT_FROM_EMAIL
    yield "outbox", address.scheme == "outbox", "EMAIL_URL is an outbox, from which no mail leaves; set smtp+tls://, smtps:// or anymail://."
    yield (
        "mail_password",
        address.scheme == "smtp" and bool(address.password) and address.host not in LOOPBACK,
        "EMAIL_URL sends its password without TLS; write smtp+tls:// or smtps://.",
    )
    yield (
        "bounce_address",
        bool(settings.BOUNCE_ADDRESS) and not _can_receive(settings.BOUNCE_ADDRESS),
        f"BOUNCE_ADDRESS is {settings.BOUNCE_ADDRESS!r}, to which nothing can come back; set an address at a domain of your own, or none.",
    )
    yield (
        "invitation_address",
        bool(settings.INVITATION_ADDRESS) and not _can_receive(settings.INVITATION_ADDRESS),
        f"INVITATION_ADDRESS is {settings.INVITATION_ADDRESS!r}, to which no answer can come; set an address at a domain of your own, or none.",
    )
    mailbox = settings.BOUNCE_MAILBOX
    yield (
        "mailbox_password",
        mailbox is not None and mailbox.scheme == "imap" and mailbox.host not in LOOPBACK,
        "BOUNCE_MAILBOX sends its password without TLS; write imaps://.",
    )
    yield (
        "sender",
        not _can_receive(sender),
        f"DEFAULT_FROM_EMAIL is {sender!r}, which nobody can answer; set an address at a domain of your own.",
    )


def _stores() -> Iterator[Rule]:
    database, cache = settings.DATABASES["default"], settings.CACHES["default"]["BACKEND"]
    yield (
        "database_in_memory",
        _is_sqlite() and ":memory:" in str(database["NAME"]),
        "DATABASE_URL names a database in memory, which each process has for itself; name a file, or PostgreSQL.",
    )
    yield (
        "local_cache",
        settings.WEB_PROCESSES > 1 and cache.endswith("LocMemCache"),
        f"WEB_PROCESSES is {settings.WEB_PROCESSES}, and each would limit public forms for itself; set REDIS_URL, or WEB_PROCESSES=1.",
    )
    yield "s3_bucket", bool(settings.S3_ENDPOINT and not settings.S3_BUCKET), "S3_ENDPOINT is set without S3_BUCKET; set both, or neither."
    yield (
        "s3_keys",
        bool(settings.AWS_ACCESS_KEY_ID) != bool(settings.AWS_SECRET_ACCESS_KEY),
        "Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY one is set; set both, or neither where the machine has a role.",
    )
    yield (
        "two_media_stores",
        bool(settings.S3_BUCKET and settings.HAS_MEDIA_ROOT),
        "MEDIA_ROOT and S3_BUCKET both say where uploads go; set one of them.",
    )


def _is_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"] == "base.sqlite")


def _can_receive(sender: str) -> bool:
    domain = parseaddr(sender)[1].rpartition("@")[2].lower()
    is_reserved = domain in RESERVED_NAMES or domain.endswith((*RESERVED_ENDS, *(f".{name}" for name in RESERVED_NAMES)))
    return "@" in sender and "." in domain and not is_reserved
