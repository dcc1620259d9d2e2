"""The tests: as `dev`, faster and quieter."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from base.environment import MailAddress
from config.settings.dev import *
from config.settings.dev import CACHES, DATABASES, LOGGING, Q_CLUSTER, REDIS_URL, STORAGES

ALLOWED_HOSTS = ["testserver", "localhost", ".localhost", "127.0.0.1"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://localhost"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SCRATCH = Path(tempfile.mkdtemp(prefix="kantama-test-"))
UNDO_SECONDS = 0
MEDIA_ROOT = SCRATCH / "media"
REACH_FOLDER = SCRATCH / "reach"
STORAGES["private"]["OPTIONS"] = {"location": str(SCRATCH / "private"), "base_url": None}
EMAIL_ADDRESS = MailAddress("outbox", path=str(SCRATCH / "outbox"))
WHITENOISE_AUTOREFRESH = False
# Test processes have databases of their own, but share one Redis: what one cached is not the other's truth.
CACHES["default"]["KEY_PREFIX"] = SCRATCH.name
if REDIS_URL and "PYTEST_XDIST_WORKER" in os.environ:
    # `cache.clear()` empties a whole one of its sixteen databases, whatever the prefix.
    url = urlsplit(REDIS_URL)
    number = (int(url.path.strip("/") or 0) + int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))) % 16
    CACHES["default"]["LOCATION"] = urlunsplit(url._replace(path=f"/{number}"))
LOGGING["root"]["level"] = "WARNING"
Q_CLUSTER["sync"] = False
if DATABASES["default"]["ENGINE"] == "base.sqlite":
    # A file, not memory: real connections of other threads and processes see it.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
