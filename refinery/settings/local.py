"""Settings of the embedded default: one machine, plain HTTP on loopback."""

from django.core.management.utils import get_random_secret_key

from refinery.settings.base import *  # noqa: F403 - settings build on one another
from refinery.settings.base import SECRET_KEY as SECRET_FROM_ENV
from refinery.settings.env import env
from refinery.settings.logs import logging_settings


def persistent_secret() -> str:
    """Return the secret of this data folder, created on first use, so that sessions survive a restart."""
    place = env.refinery_var / "secret-key"
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(get_random_secret_key() + get_random_secret_key())
    return place.read_text()


SECRET_KEY = SECRET_FROM_ENV or persistent_secret()
CSRF_TRUSTED_ORIGINS = [env.refinery_public_url]
STORAGES = {
    **STORAGES,  # noqa: F405 - from base
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
LOGGING = logging_settings(env.log_level)
