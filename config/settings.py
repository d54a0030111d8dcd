"""Settings of an installation. What differs between installations comes from the environment: see docs/operating.md."""

import secrets
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment, database

VERSION = "0.1.0"
BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# -- Where things lie --------------------------------------------------------------------------------------------------

DATA_DIR = env.folder("PHIEN_DATA", BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEMO = env.flag("PHIEN_DEMO")
DEBUG = env.flag("PHIEN_DEBUG")
HTTPS = env.flag("PHIEN_HTTPS")


def kept_secret() -> str:
    """Return the key made at the first start, readable by the service alone, so that a laptop needs no setting."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = env.text("SECRET_KEY") or kept_secret()
ALLOWED_HOSTS = env.words("PHIEN_HOSTS", "localhost,.localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("PHIEN_ORIGINS")

# -- Applications ------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # It only teaches runserver to speak to sockets; in every other command its reactor would be a second of imports.
    *(["daphne"] if "runserver" in sys.argv else []),
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "guardian",
    "csp",
    "django_htmx",
    "lucide",
    "tree_queries",
    "django_tasks",
    "django_tasks_db",
    "realtime",
    "accounts",
    "meetings",
    "documents",
    "voting",
    "targets",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.compression.CompressedTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ReachReadOnceMiddleware",
    "accounts.middleware.SignedInOnlyMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "accounts.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "config.context.installation",
            ],
        },
    },
]

# -- Data --------------------------------------------------------------------------------------------------------------

DATABASES = {"default": database(env.text("DATABASE_URL"), DATA_DIR)}
REDIS_URL = env.text("REDIS_URL")
MEDIA_ROOT = DATA_DIR / "files"
SOFFICE = env.program("PHIEN_SOFFICE", "soffice", "libreoffice")  # empty: office files are not taken
UPLOAD_LIMIT_BYTES = env.number("PHIEN_UPLOAD_LIMIT_MB", 500, at_least=1) * 1024 * 1024
UPLOADS_DIR = DATA_DIR / "uploads"  # what is on its way in; nobody is served from it
UNFINISHED_UPLOADS = env.number("PHIEN_UNFINISHED_UPLOADS", 20, at_least=1)  # of one person
UNFINISHED_UPLOAD_BYTES = 4 * UPLOAD_LIMIT_BYTES  # of one person
UPLOADS_KEEP_FREE_BYTES = env.number("PHIEN_UPLOADS_KEEP_FREE_MB", 1024) * 1024 * 1024
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG or "pytest" in sys.modules
        else "config.static.HashedStaticFilesStorage"
    },
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    # Limits on logging in are counted in the cache: it must be one for all processes.
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# -- People ------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "meetings:home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.adapter.OfficeAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.login_forms.LoginForm",
    "change_password": "accounts.login_forms.ChangePasswordForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# A whole meeting room shares one address: count failed log-ins by account first, by address only against floods.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "10/5m/key,200/5m/ip",
    "change_password": "5/m/user",
    "introduce_wall": "20/m/ip",
}

# -- Language and time -------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["config.formats"]

# -- Static files ------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.static.FontFinder",
]
SERVESTATIC_USE_FINDERS = DEMO or DEBUG or "pytest" in sys.modules
SERVESTATIC_AUTOREFRESH = DEBUG
SERVESTATIC_USE_MANIFEST = False


def add_static_headers(headers: Any, _path: str, _url: str) -> None:
    """What Django's SecurityMiddleware says of pages holds for files, which it does not see."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"


SERVESTATIC_ADD_HEADERS_FUNCTION = add_static_headers

# -- Security ----------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 14  # a day of sessions, not a night
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("PHIEN_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# -- Words of the log --------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"no_secret_links": {"()": "config.logs.WithoutSecretLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_secret_links"]}},
    "root": {"handlers": ["console"], "level": env.text("PHIEN_LOG_LEVEL", "WARNING").upper()},
}

METRICS_TOKEN = env.text("PHIEN_METRICS_TOKEN")  # empty: nobody is shown the counts at /metrics
SOURCE_URL = env.text("PHIEN_SOURCE_URL")  # empty: this installation hands out its own source, see config/source.py
DEPENDENCY_VERSIONS = {"django": installed_version("django"), "pymupdf": installed_version("pymupdf")}

env.refuse_unknown("PHIEN_")
if not DEBUG and ALLOWED_HOSTS == ["*"]:
    raise ImproperlyConfigured("PHIEN_HOSTS must name the hosts of this installation, not *.")
