"""What every way of running shares. Reads the environment through `base.environment` alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from base import environment
from config import formats

ROOT = Path(__file__).resolve().parents[3]
DATA = environment.made_folder("KANTAMA_DATA", ROOT / "var")

BASE_URL = environment.web_address("BASE_URL", "http://127.0.0.1:8000")
DEBUG = False
DEVELOPMENT_KEY = "for-development-only-never-in-production-0123456789"
SECRET_KEY = ""
ALLOWED_HOSTS: list[str] = []
TRUSTED_PROXIES = environment.whole_number("TRUSTED_PROXIES", 0)
WEB_PROCESSES = environment.whole_number("WEB_PROCESSES", 1, least=1)

INSTALLED_APPS = [
    "desk",
    "newsletters",
    "events",
    "pages.search",
    "pages",
    "social",
    "reach",
    "contacts",
    "themes",
    "mail",
    "base",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "themes.users_app.TeamUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_q",
    "anymail",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "base.middleware.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "base.middleware.LanguageOfAddressMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "base.uploads.limits.BodyLimitMiddleware",
    "themes.teams.middleware.TeamMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "desk.door.middleware.DoorMiddleware",
    "base.middleware.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "base.redirects.StraightRedirects",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "base.User"
AUTHENTICATION_BACKENDS = ["themes.teams.backend.TeamBackend"]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ---- database: SQLite by default, PostgreSQL by DATABASE_URL
DATABASES: dict[str, dict[str, Any]] = {"default": environment.database("DATABASE_URL", f"sqlite:///{DATA / 'kantama.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "base.sqlite"
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
    }
else:
    # No psycopg pool here: it breaks django-q2's forks. `config.wsgi` turns it on for web processes.
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # PostgreSQL compiles a question that it takes for a large one, for seconds, where the answer takes tenths: a goal's coverage above all.
    # And it counts the people of a register on disk where 4 MB are all that it may take.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off -c work_mem=16MB")

# ---- cache and tasks: local memory and the database by default, Redis by REDIS_URL
REDIS_URL = environment.redis("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
# The limiter of public forms counts in the cache. With local memory each web process counts for itself, so the
# limit is per process: good enough for one machine, and said in docs/running.md.
SILENCED_SYSTEM_CHECKS = ["django_ratelimit.E003", "django_ratelimit.W001"]
Q_CLUSTER: dict[str, Any] = {
    "name": "kantama",
    "workers": environment.whole_number("WORKERS", 2, least=1),
    "timeout": 300,
    "retry": 360,
    "max_attempts": 5,
    "catch_up": False,
    "save_limit": 500,
    "label": "Kantama",
} | ({"redis": REDIS_URL} if REDIS_URL else {"orm": "default", "poll": 0.5})

# ---- mail
EMAIL_ADDRESS = environment.mail("EMAIL_URL", f"outbox://{DATA / 'outbox'}")
EMAIL_BACKEND = "mail.backend.OutboxBackend"
ANYMAIL_BACKEND = f"anymail.backends.{EMAIL_ADDRESS.host}.EmailBackend" if EMAIL_ADDRESS.scheme == "anymail" else ""
ANYMAIL = {f"{EMAIL_ADDRESS.host.upper()}_API_KEY": environment.text("ANYMAIL_API_KEY")} if ANYMAIL_BACKEND else {}
if ANYMAIL_BACKEND and (secret := environment.webhook_secret("ANYMAIL_WEBHOOK_SECRET")):
    ANYMAIL["WEBHOOK_SECRET"] = secret
DEFAULT_FROM_EMAIL = environment.sender("DEFAULT_FROM_EMAIL", "kantama@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where bounces come back to, each with its copy's token behind a +: docs/running.md.
# The domain is the sender's: a signature of another would not be aligned with it.
DKIM_KEY_FILE = environment.file("DKIM_KEY_FILE")
DKIM_SELECTOR = environment.text("DKIM_SELECTOR", "kantama")
# How long a person who pressed “send” can take the issue back, before the first copy leaves.
UNDO_SECONDS = environment.whole_number("UNDO_SECONDS", 60)
# Asked for SPF, DKIM and DMARC of senders; without it nothing is asked.
DNS_RESOLVER = environment.server("DNS_RESOLVER", 53)
# Whether links of an issue that lead to other sites are followed before it is sent; never into an inner network.
CHECK_LINKS = environment.flag("CHECK_LINKS", default=False)
CHECK_LINKS_OF_INNER_NETWORK = False
DKIM_DOMAIN = environment.text("DKIM_DOMAIN", DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> "))
BOUNCE_ADDRESS = environment.bounce_address("BOUNCE_ADDRESS")
BOUNCE_MAILBOX = environment.mailbox("BOUNCE_MAILBOX")
# Where calendars send answers to invitations; a mailbox that is read as that of bounces is.
INVITATION_ADDRESS = environment.bounce_address("INVITATION_ADDRESS")

# ---- social networks: asked by nobody before an account is set up
# Where the networks of one server are; the tests put servers of their own in their place. Mastodon and Bluesky have theirs on the account.
SOCIAL_HOSTS = {"x": "https://api.x.com", "linkedin": "https://api.linkedin.com", "linkedin_login": "https://www.linkedin.com"}
# Seconds without a byte; a whole answer may take three times as long.
SOCIAL_TIMEOUT = 20.0
# LinkedIn withdraws each version about a year after its month.
SOCIAL_LINKEDIN_VERSION = environment.text("SOCIAL_LINKEDIN_VERSION", "202511")
# What keeps the accounts' secrets; the first one locks, each of them unlocks. Without any, a key is derived from SECRET_KEY.
SOCIAL_KEYS = environment.words("SOCIAL_KEYS")
# US dollars for a post on X, without and with a link.
SOCIAL_X_PRICE = environment.amount("SOCIAL_X_PRICE", "0.015")
SOCIAL_X_PRICE_WITH_LINK = environment.amount("SOCIAL_X_PRICE_WITH_LINK", "0.200")

# ---- languages: Finnish first
LANGUAGE_CODE = "fi"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fi", "suomi"), ("sv", "svenska"), ("en", "English")]
# Our own words first; then those that Wagtail's catalogs lack.
LOCALE_PATHS = [ROOT / "locale", ROOT / "locale" / "wagtail"]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
WAGTAIL_DATE_FORMAT, WAGTAIL_DATETIME_FORMAT, WAGTAIL_TIME_FORMAT = formats.DATE, formats.DATETIME, formats.TIME
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True

# ---- files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = environment.folder("MEDIA_ROOT", DATA / "media")
HAS_MEDIA_ROOT = bool(environment.text("MEDIA_ROOT", ""))
S3_BUCKET = environment.text("S3_BUCKET", "")
S3_ENDPOINT = environment.text("S3_ENDPOINT", "")
# django-storages reads these two; without them, boto3 asks the machine for its role.
AWS_ACCESS_KEY_ID = environment.text("AWS_ACCESS_KEY_ID", "") or None
AWS_SECRET_ACCESS_KEY = environment.text("AWS_SECRET_ACCESS_KEY", "") or None
STORAGES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": S3_ENDPOINT or None,
                "querystring_auth": False,
            },
        }
        if S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    # Of answers to forms: no address of the site leads there.
    "private": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": S3_ENDPOINT or None,
                "location": "private",
                "default_acl": "private",
                "querystring_expire": 60,
            },
        }
        if S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DATA / "private"), "base_url": None}}
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# In front of Django's own: what is too large is not kept, and the form says so.
FILE_UPLOAD_HANDLERS = [
    "base.uploads.limits.WithinLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Wagtail's editor of a long page has more fields than Django's default allows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# ---- readers: where they wait to be counted, and whether pages count them without a script (docs/reach.md).
REACH_FOLDER = DATA / "reach"
REACH_WITHOUT_SCRIPT = environment.flag("REACH_WITHOUT_SCRIPT", default=False)

# How long a deleted page can be brought back.
TRASH_DAYS = environment.whole_number("TRASH_DAYS", 30, least=1)

# ---- security
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
# Public pages run scripts and styles of our own files alone. `base.middleware` widens this for Wagtail's admin.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

# ---- Wagtail
WAGTAIL_SITE_NAME = "Kantama"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_USER_LOGIN_FORM = "base.forms.LoginForm"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_IMAGE_MODEL = "base.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "base.file_forms.ImageForm"
WAGTAILDOCS_DOCUMENT_MODEL = "base.SiteDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "base.file_forms.DocumentForm"
# By the application wherever the files lie: it asks who may read a collection.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "m4a", "mp3", "mp4", "odt", "pdf", "pptx", "txt", "vtt", "webm", "xlsx", "zip"]
# Told apart from the original by no reader, at half of the weight.
WAGTAILIMAGES_AVIF_QUALITY, WAGTAILIMAGES_WEBP_QUALITY, WAGTAILIMAGES_JPEG_QUALITY = 50, 70, 76
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = environment.whole_number("IMAGE_MAX_MB", 20, least=1) * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = environment.whole_number("IMAGE_MAX_MEGAPIXELS", 64, least=1) * 1_000_000
WAGTAILDOCS_MAX_UPLOAD_SIZE = environment.whole_number("DOCUMENT_MAX_MB", 50, least=1) * 1024 * 1024
# A translation that is started is a draft: the source's text is not published as another language's.
WAGTAIL_FINISH_WORKFLOW_ACTION = "desk.approval.workflow.publish_approved"
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.log_level("LOG_LEVEL", "INFO")},
    # Two lines for each page that is saved.
    # The libraries of social networks write the secrets of accounts at DEBUG, whatever level ours are at.
    "loggers": {
        "django_tasks": {"level": "WARNING"},
        **{name: {"level": "WARNING"} for name in ("tweepy", "oauthlib", "requests_oauthlib", "mastodon", "httpx", "httpcore", "urllib3")},
    },
}
