"""Production: nothing here has an unsafe default; `config.checks` refuses what contradicts itself."""

from __future__ import annotations

from base import environment
from config.settings.base import *
from config.settings.base import INSTALLED_APPS, SILENCED_SYSTEM_CHECKS, STORAGES

PRODUCTION = True
INSTALLED_APPS = [*INSTALLED_APPS, "config.apps.ProductionConfig"]
SILENCED_SYSTEM_CHECKS = [
    *SILENCED_SYSTEM_CHECKS,
    *(f"security.{name}" for name in ("W004", "W009", "W012", "W016", "W018")),  # `config.checks` has errors for these
    *(f"security.{name}" for name in ("W005", "W021")),  # HSTS for other hosts of the domain is not ours to promise
    "security.W019",  # Wagtail shows its preview in a frame
]
SECRET_KEY = environment.text("SECRET_KEY")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or [environment.text("ALLOWED_HOSTS")]
BASE_URL = WAGTAILADMIN_BASE_URL = environment.web_address("BASE_URL")
environment.text("EMAIL_URL")
environment.text("DATABASE_URL")

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = environment.whole_number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.whole_number("TRUSTED_PROXIES", 0) else None
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
