"""Settings shared by all environments; local, test and production extend them."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django_stubs_ext
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from refinery.settings.env import ROOT, Env, env

django_stubs_ext.monkeypatch()  # makes ModelAdmin[Row] and the like work at run time, as the annotations need


def database(url: str, *, pool: int = 0) -> dict[str, Any]:
    """Convert postgresql://user:password@host:port/name?host=/socket/folder to a Django database."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {"application_name": "refinery", "connect_timeout": 3}
    if pool:
        # A lost database is reported to the client within seconds, and tried again with each new request.
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 4, "max_idle": 300, "reconnect_timeout": 1}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(query.get("port") or parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": bool(pool),  # so that no request fails after a restart of the database
        "OPTIONS": options,
        "TIME_ZONE": None,
    }


def with_prepared_statements(config: dict[str, Any]) -> dict[str, Any]:
    """Keep the plan of a prepared_cursor's statement from its second execution on; other cursors have no plans."""
    config["OPTIONS"]["prepare_threshold"] = 1
    return config


def channel_layer(values: Env) -> dict[str, Any]:
    """Return the channel layer: Redis if configured, PostgreSQL otherwise."""
    if values.redis_url:
        return {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [values.redis_url]}}
    return {
        "BACKEND": "refinery.core.web.channel_layer.PostgresChannelLayer",
        "CONFIG": {**database(values.database_url), "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True},
    }


def file_storage(values: Env) -> dict[str, Any]:
    """Return the file storage: S3 if a bucket is named, a folder otherwise; files never have public URLs."""
    if values.storage_bucket:
        return {
            "BACKEND": "refinery.core.web.object_store.ObjectStorage",
            "OPTIONS": {
                "bucket_name": values.storage_bucket,
                "endpoint_url": values.storage_endpoint_url or None,
                "region_name": values.storage_region or None,
                "querystring_auth": True,
                "file_overwrite": True,
            },
        }
    return {
        "BACKEND": "refinery.core.web.file_store.DurableFileStorage",
        "OPTIONS": {"location": str(values.refinery_var / "files"), "base_url": None, "allow_overwrite": True},
    }


BASE_DIR = ROOT
SECRET_KEY = env.refinery_secret_key
SECRET_KEY_FALLBACKS = env.refinery_secret_key_fallbacks.split()
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in env.refinery_allowed_hosts.split(",") if host.strip()]
ROOT_URLCONF = "refinery.urls"
ASGI_APPLICATION = "refinery.asgi.application"
AUTH_USER_MODEL = "tenancy.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "refinery.core.web.apps.UnfoldConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",  # the URLs register its pages: a worker has none
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "channels",
    "channels_postgres",
    "django_htmx",
    "template_partials",
    "guardian",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "refinery.core.audit",
    "refinery.core.outbox",
    "refinery.core.tenancy",
    "refinery.core.web",
    "refinery.core.webhooks",
    "refinery.api",
    "ingestion",
    "quality",
    "review",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "refinery.core.web.metrics.MetricsMiddleware",
    "refinery.core.web.middleware.RequestIdMiddleware",
    "refinery.core.web.middleware.NoStoreMiddleware",
    "refinery.core.web.error_responses.ErrorPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "refinery.core.web.middleware.ActorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "refinery.core.web.page_context.frame",
            ]
        },
    }
]

DATABASES = {
    "default": with_prepared_statements(database(env.database_url, pool=env.database_pool_size)),
    "owner": database(env.database_owner_url or env.database_url),
}
DATABASE_ROUTERS = ["refinery.core.database.router.OwnerMigrationRouter"]
CHANNEL_LAYERS = {"default": channel_layer(env)}
STORAGES = {"default": file_storage(env), "staticfiles": {"BACKEND": "refinery.core.web.static_assets.HashedAssets"}}
STATIC_URL = "/static/"
STATIC_ROOT = env.refinery_var / "static"
STATICFILES_DIRS = [ROOT / "static"]

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# Grants are asked by querysets for an actor (a person within one tenant, or a key), not by guardian's backend, which
# knows only users and Django's groups.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
ANONYMOUS_USER_NAME = None
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

SESSION_COOKIE_AGE = 12 * 3600  # a long working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "refinery.core.web.error_responses.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
UPLOAD_MAX_BYTES = 100 * 2**20
TRUSTED_PROXIES = env.refinery_proxies
METRICS_TOKEN = env.metrics_token

# Refinery's own pages; the admin's pages get unfold's wider policy by a decorator on the admin site.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["refinery.core.web.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["refinery.core.web.authorization.HasRequiredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["refinery.core.web.json_output.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["refinery.core.web.json_bodies.BoundedJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "refinery.core.web.openapi_operations.EndpointSchema",
    "EXCEPTION_HANDLER": "refinery.core.web.error_responses.problem_response",
    "DEFAULT_PAGINATION_CLASS": "refinery.core.web.pagination.KeysetPagination",
    "UNAUTHENTICATED_USER": None,
}
ADMIN_ACCENT = {  # Refinery's accent colour in the shades of the admin site: lightness and chroma
    "50": "97% .014",
    "100": "94% .03",
    "200": "89% .06",
    "300": "82% .1",
    "400": "76% .12",
    "500": "72% .135",
    "600": "50% .19",
    "700": "45% .19",
    "800": "40% .17",
    "900": "35% .14",
    "950": "28% .11",
}
UNFOLD = {
    "SITE_TITLE": _("Refinery administration"),
    "SITE_HEADER": _("Refinery administration"),
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {"primary": {weight: f"oklch({shade} 274)" for weight, shade in ADMIN_ACCENT.items()}},
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("mark.svg")}],
    "STYLES": [lambda request: static("css/admin.css")],
    "SCRIPTS": [lambda request: static("js/admin-theme.js")],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Refinery",
    "DESCRIPTION": "Reads documents, scores their quality, and organises the review of the doubtful ones.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "refinery.core.web.openapi_operations.describe_problems_and_examples",
    ],
    "ENUM_NAME_OVERRIDES": {
        "EngineEnum": ["rapidocr", "tesseract"],
        "ReprocessingEngineEnum": ["rapidocr", "tesseract", "trocr"],
        "RegionStatusEnum": ["queued", "done", "failed"],
        "ReprocessingStatusEnum": ["queued", "reading", "ready", "failed", "applied", "dropped"],
    },
}

AUDIT_ANCHORS = frozenset(place.strip() for place in env.audit_anchors.split(",") if place.strip())
PUBLIC_URL = env.refinery_public_url
LEASE_SECONDS = env.lease_seconds
UNDO_GRACE_SECONDS = env.undo_grace_seconds
WEBHOOK_LOOPBACK = env.webhook_loopback
THIRD_ENGINE = bool(env.trocr_weights)  # whether the GPU workers have one
SOURCE_URI_ENABLED = env.source_uri_enabled
SOURCE_URI_SECONDS = env.source_uri_seconds
SANDBOX_REQUIRED = False  # a plain child parses files where bubblewrap does not work
