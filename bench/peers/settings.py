"""Of a peer's project, in a folder of its own: nothing of ours is on its path but this folder."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

FOLDER = Path(os.environ["PEER_FOLDER"])
_database = urlsplit(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.path.lstrip("/"),
        "USER": _database.username,
        "PASSWORD": _database.password or "",
        "HOST": _database.hostname,
        "PORT": _database.port or 5432,
    }
    if _database.scheme.startswith("postgres")
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": _database.path}
}
SECRET_KEY = "a bench has no secrets"  # noqa: S105 — and it says so
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
ALLOWED_HOSTS = ["localhost"]
SITE_ID = 1
ROOT_URLCONF = "peer_urls"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["SINK_PORT"])
DEFAULT_FROM_EMAIL = "bench@kantama.internal"
MEDIA_ROOT = FOLDER / "media"
STATIC_URL = "/static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FOLDER / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]},
    }
]
_django = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites", "django.contrib.sessions", "django.contrib.messages"]
_wagtail = [f"wagtail.{name}" for name in ("users", "images", "documents", "snippets", "search", "admin", "sites")]
INSTALLED_APPS = {
    "django-newsletter": [*_django, "sorl.thumbnail", "newsletter"],
    "wagtail-birdsong": ["peer_app", "birdsong", "wagtail_modeladmin", *_wagtail, "wagtail", "taggit", "modelcluster", *_django],
}[os.environ["PEER"]]
