"""`make run`: everything on this machine, nothing to set."""

from __future__ import annotations

from base import environment
from config.settings.base import *
from config.settings.base import DEVELOPMENT_KEY

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.text("SECRET_KEY", DEVELOPMENT_KEY)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,.localhost,127.0.0.1,[::1]")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
