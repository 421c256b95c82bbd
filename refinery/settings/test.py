"""Test settings: real PostgreSQL, fast password hashing, files below a temporary folder that conftest sets.

A test run has a separate data folder: that of a running program would point it to that program's database.
"""

import os
from pathlib import Path

OWN_FOLDER = Path(__file__).resolve().parent.parent.parent / ".cache" / "test-var"
named = os.environ.get("REFINERY_VAR")
if not named or (Path(named) / "environment").exists():
    os.environ["REFINERY_VAR"] = str(OWN_FOLDER)

from refinery.settings.base import *  # noqa: E402, F403 - after the folder; settings build on one another
from refinery.settings.env import ROOT, env  # noqa: E402 - after the folder
from refinery.settings.logs import logging_settings  # noqa: E402 - after the folder

SECRET_KEY = "test-only-" + "x" * 50
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES = {
    **STORAGES,  # noqa: F405 - from base
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = ROOT / "static"  # static files are not collected for tests; the finders serve the sources
LOGGING = logging_settings(env.log_level)
