"""Tests: real PostgreSQL, fast password hashing, files below a temporary folder that conftest sets."""

from refinery.settings.base import *  # noqa: F403 - settings build on one another
from refinery.settings.env import ROOT, env
from refinery.settings.logs import logging_settings

SECRET_KEY = "test-only-" + "x" * 50
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES = {
    **STORAGES,  # noqa: F405 - from base
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = ROOT / "static"  # nothing is collected for tests; the finders serve the sources
LOGGING = logging_settings(env.log_level)
