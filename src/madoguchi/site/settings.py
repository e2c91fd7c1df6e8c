"""Settings of an installation; everything an operator may change comes from the environment (see ``configuration``)."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

from . import configuration
from .settings_accounts import *  # noqa: F403 - a settings module is one flat list of names, written in several files
from .settings_alerts import *  # noqa: F403
from .settings_identity import *  # noqa: F403
from .settings_identity import IDENTITY_ORIGINS
from .settings_jma import *  # noqa: F403
from .settings_line import *  # noqa: F403
from .settings_line import LINE_ORIGINS
from .settings_machines import *  # noqa: F403
from .settings_mail import *  # noqa: F403
from .settings_payments import *  # noqa: F403
from .settings_payments import PAYMENT_ORIGINS
from .settings_push import *  # noqa: F403
from .settings_signing import *  # noqa: F403
from .settings_sms import *  # noqa: F403

PACKAGE = Path(__file__).resolve().parent
HOME = configuration.home()
DEBUG = configuration.flag("MADOGUCHI_DEBUG", default=False)
DEMONSTRATION = configuration.flag("MADOGUCHI_DEMONSTRATION", default=False)
SECRET_KEY = configuration.secret_key(HOME)
# Key material the rooms make for themselves below the data folder; a backup carries it beside the secret key.
KEY_FILES = (
    "identity/*.pem",
    "keys/*.pem",
    "keys/cap/*.pem",
    "seals/*.key",
    "seals/*.pem",
    "authority/*.key",
    "authority/*.pem",
    "authority/issued/*.pem",
)
# Which hosts exist is known by the database: the municipality middleware answers 404 to every other name.
ALLOWED_HOSTS = ["*"]
HTTPS = configuration.flag("MADOGUCHI_HTTPS", default=not DEMONSTRATION and not DEBUG)

INSTALLED_APPS = [
    "madoguchi.site.apps.SiteConfig",
    "madoguchi.plan.apps.PlanConfig",
    "madoguchi.procedures.apps.ProceduresConfig",
    "madoguchi.cases.apps.CasesConfig",
    "madoguchi.ledger.apps.LedgerConfig",
    "madoguchi.records.apps.RecordsConfig",
    "madoguchi.messaging.apps.MessagingConfig",
    "madoguchi.trust.apps.TrustConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "madoguchi.site.middleware.HealthMiddleware",
    "madoguchi.site.middleware_now.NowMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "madoguchi.site.middleware.PublicCompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "madoguchi.site.middleware.MaintenanceMiddleware",
    "madoguchi.site.middleware.MunicipalityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "madoguchi.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "madoguchi.site.middleware.SessionBindingMiddleware",
    "madoguchi.site.middleware_accounts.SessionLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "madoguchi.site.middleware_accounts.SecondFactorMiddleware",
    "madoguchi.site.middleware_accounts.RefusalMiddleware",
    "madoguchi.site.middleware.TextMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

CSRF_FAILURE_VIEW = "madoguchi.site.views.errors.csrf_failed"
ROOT_URLCONF = "madoguchi.site.urls"
WSGI_APPLICATION = "madoguchi.site.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "madoguchi.site.context.shell",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "madoguchi.site.jinja2_environment.environment",
            "context_processors": _CONTEXT_PROCESSORS,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]

DATABASES = {"default": configuration.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "madoguchi.trust.plugins.queue.QueueBackend", "QUEUES": ["default", "slow"]}}

LANG_INFO["ja-easy"] = {"bidi": False, "code": "ja-easy", "name": "Plain Japanese", "name_local": "やさしい日本語"}
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [("build", PACKAGE / "static" / "build")] if (PACKAGE / "static" / "build").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 60 * 1024 * 1024
WHITENOISE_USE_FINDERS = True
# Addresses of static files carry what the files hold (``static`` in jinja2_environment, the names of the fonts).
WHITENOISE_MAX_AGE = 365 * 24 * 3600

SESSION_ENGINE = "madoguchi.trust.plugins.sessions"
SESSION_COOKIE_NAME = "madoguchi_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and configuration.flag("MADOGUCHI_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if configuration.flag("MADOGUCHI_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *IDENTITY_ORIGINS, *LINE_ORIGINS, *PAYMENT_ORIGINS],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

AUTH_USER_MODEL = "trust.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Only answered without a municipality: a fault of the program must be seen in tests and in the log, not on a page.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MADOGUCHI_LOG_LEVEL", "WARNING")},
}
# account.W001: residents sign up without a login name (one is made for them) and sign in by the address they gave.
SILENCED_SYSTEM_CHECKS = ["account.W001"]
