"""The WSGI entry of web processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from base.memory import keep_what_is_loaded

if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A pool, in web processes alone: django-q2 forks, and a pool does not survive a fork.
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    settings.DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}


def in_front_of(application: WSGIApplication) -> WSGIApplication:
    """The counting of readers, and the page cache. They need Django's packages, which are there only once the application is made."""
    from base import page_changes
    from base.page_cache import PageCache
    from reach.layer import ReachLayer

    page_changes.listen()
    return ReachLayer(PageCache(application, page_changes.generation(), session_cookie=settings.SESSION_COOKIE_NAME))


application = in_front_of(get_wsgi_application())
keep_what_is_loaded()
