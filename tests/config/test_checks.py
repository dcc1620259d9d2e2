"""Each rule of production is broken on its own, and then alone refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from base.environment import MailAddress, MailboxAddress
from config import checks

ROOT = Path(__file__).resolve().parents[2]
SQLITE = {"default": {"ENGINE": "base.sqlite", "NAME": "/srv/kantama.sqlite3"}}
POSTGRESQL = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "kantama"}}
SAFE = {
    "DEBUG": False,
    "SECRET_KEY": "".join(chr(33 + number) for number in range(60)),
    "ALLOWED_HOSTS": [".kantama.internal"],
    "BASE_URL": "https://www.kantama.internal",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "EMAIL_ADDRESS": MailAddress("smtp+tls", "mail.kantama.internal", 587, "user", "password"),
    "DEFAULT_FROM_EMAIL": "Kantama <posti@kantama.internal>",
    "WEB_PROCESSES": 1,
    "DATABASES": POSTGRESQL,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "S3_BUCKET": "",
    "S3_ENDPOINT": "",
    "AWS_ACCESS_KEY_ID": None,
    "AWS_SECRET_ACCESS_KEY": None,
    "HAS_MEDIA_ROOT": False,
}
BROKEN = [
    ("debug", {"DEBUG": True}),
    ("secret_key", {"SECRET_KEY": "short"}),
    ("secret_key", {"SECRET_KEY": "ab" * 40}),
    ("secret_key", {"SECRET_KEY": "for-development-only-never-in-production-0123456789"}),
    ("any_host", {"ALLOWED_HOSTS": ["*"]}),
    ("base_url_scheme", {"BASE_URL": "http://www.kantama.internal"}),
    ("base_url_port", {"BASE_URL": "https://www.kantama.internal:8443"}),
    ("base_url_host", {"ALLOWED_HOSTS": ["example.org"]}),
    ("cookies", {"SESSION_COOKIE_SECURE": False}),
    ("cookies", {"CSRF_COOKIE_SECURE": False}),
    ("hsts", {"SECURE_HSTS_SECONDS": 60}),
    ("redirect_loop", {"SECURE_PROXY_SSL_HEADER": None}),
    ("outbox", {"EMAIL_ADDRESS": MailAddress("outbox", path="/srv/outbox")}),
    ("bounce_address", {"BOUNCE_ADDRESS": "bounces@example.org"}),
    ("invitation_address", {"INVITATION_ADDRESS": "office@example.org"}),
    ("mailbox_password", {"BOUNCE_MAILBOX": MailboxAddress("imap", "mail.kantama.internal", 143, "user", "password", "INBOX")}),
    ("mail_password", {"EMAIL_ADDRESS": MailAddress("smtp", "mail.kantama.internal", 25, "user", "password")}),
    ("sender", {"DEFAULT_FROM_EMAIL": "kantama@example.org"}),
    ("sender", {"DEFAULT_FROM_EMAIL": "kantama@mail.example.org"}),
    ("sender", {"DEFAULT_FROM_EMAIL": "kantama@localhost"}),
    ("sender", {"DEFAULT_FROM_EMAIL": "kantama.internal"}),
    ("database_in_memory", {"DATABASES": {"default": {**SQLITE["default"], "NAME": ":memory:"}}}),
    ("local_cache", {"WEB_PROCESSES": 2}),
    ("s3_bucket", {"S3_ENDPOINT": "https://s3.kantama.internal"}),
    ("s3_keys", {"S3_BUCKET": "media", "AWS_ACCESS_KEY_ID": "key"}),
    ("two_media_stores", {"S3_BUCKET": "media", "HAS_MEDIA_ROOT": True}),
]
# What may look like one of them and is safe.
KEPT = [
    {},
    {"SECURE_SSL_REDIRECT": False, "SECURE_PROXY_SSL_HEADER": None},
    {"EMAIL_ADDRESS": MailAddress("smtp", "127.0.0.1", 25, "user", "password")},
    {"EMAIL_ADDRESS": MailAddress("smtp", "relay.kantama.internal", 25)},
    {"DATABASES": SQLITE},
    {"WEB_PROCESSES": 2, "CACHES": {"default": {"BACKEND": "django_redis.cache.RedisCache"}}},
    {"S3_BUCKET": "media", "S3_ENDPOINT": "https://s3.kantama.internal", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"},
]


def refused(monkeypatch, values):
    """The names of what is refused. Settings are patched by hand: Django's override would open the database anew."""
    for name, value in (SAFE | values).items():
        monkeypatch.setattr(f"django.conf.settings.{name}", value, raising=False)
    return [message.id.removeprefix("kantama.") for message in checks.refuse_settings()]


@pytest.mark.parametrize(("name", "values"), BROKEN, ids=[f"{name}-{number}" for number, (name, _) in enumerate(BROKEN)])
def test_what_is_unsafe_is_refused_by_name(monkeypatch, name, values):
    assert refused(monkeypatch, values) == [name]


@pytest.mark.parametrize("values", KEPT)
def test_what_is_safe_is_kept(monkeypatch, values):
    assert refused(monkeypatch, values) == []


def test_several_processes_on_sqlite_are_only_warned_of(monkeypatch):
    several = {"WEB_PROCESSES": 2, "DATABASES": SQLITE, "CACHES": {"default": {"BACKEND": "django_redis.cache.RedisCache"}}}
    assert refused(monkeypatch, several) == ["sqlite_processes"]
    assert [message.is_serious() for message in checks.refuse_settings()] == [False]


def test_each_text_is_one_sentence_that_says_what_to_set(monkeypatch):
    everything = {name: value for _, values in BROKEN for name, value in values.items()}
    refused(monkeypatch, everything)
    messages = [message.msg for message in checks.refuse_settings()]
    assert len(messages) > 10
    assert all(text.endswith(".") and ". " not in text and any(word in text for word in ("set ", "write ", "name ", "add ")) for text in messages)


def test_static_files_that_were_not_collected_stop_the_web_server(monkeypatch, tmp_path):
    storage = ManifestStaticFilesStorage(location=tmp_path)
    monkeypatch.setattr(checks, "staticfiles_storage", storage)
    assert [message.id for message in checks.refuse_missing_static_files()] == ["kantama.static_files"]
    (tmp_path / "staticfiles.json").write_text("{}")
    assert checks.refuse_missing_static_files() == []


def manage(tmp_path, *words, **changes):
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "KANTAMA_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/kantama.sqlite3",
        "SECRET_KEY": SAFE["SECRET_KEY"],
        "ALLOWED_HOSTS": "www.kantama.internal",
        "BASE_URL": "https://www.kantama.internal",
        "EMAIL_URL": "smtps://mail.kantama.internal",
        "DEFAULT_FROM_EMAIL": "posti@kantama.internal",
        "TRUSTED_PROXIES": "1",
    }
    environment = {"PATH": os.environ["PATH"]} | settings | changes
    return subprocess.run([sys.executable, ROOT / "manage.py", *words], env=environment, capture_output=True, text=True, check=False)


def test_production_as_documented_passes(tmp_path):
    run = manage(tmp_path, "check")
    assert run.returncode == 0, run.stderr


def test_production_does_not_start_when_a_rule_is_broken(tmp_path):
    run = manage(tmp_path, "check", EMAIL_URL="outbox:///srv/outbox")
    assert run.returncode == 1
    assert "(kantama.outbox) EMAIL_URL" in run.stderr


def test_the_web_server_does_not_start_without_static_files(tmp_path):
    run = manage(tmp_path, "web", "--port", "1")
    assert run.returncode == 1
    assert "(kantama.static_files)" in run.stderr
