"""The WSGI entry of web processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A pool, in web processes alone: django-q2 forks, and a pool does not survive a fork.
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    settings.DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}

application = get_wsgi_application()
