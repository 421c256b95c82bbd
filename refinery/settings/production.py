"""Production settings: behind TLS, with secrets from the environment and no guessed defaults."""

from django.core.exceptions import ImproperlyConfigured

from refinery.settings.base import *  # noqa: F403 - settings build on one another
from refinery.settings.base import SECRET_KEY
from refinery.settings.env import env
from refinery.settings.logs import logging_settings

if len(SECRET_KEY) < 50:
    message = "REFINERY_SECRET_KEY must be set to at least 50 random characters"
    raise ImproperlyConfigured(message)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [env.refinery_public_url]
SANDBOX_REQUIRED = True
LOGGING = logging_settings(env.log_level)
