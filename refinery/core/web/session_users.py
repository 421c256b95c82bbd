"""User of a session, also when the secret key was replaced after the sign-in."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from refinery.core.tenancy.models import User


def user_of_session(session: SessionBase) -> User | None:
    """Return the signed-in user, None if there is none or the password has changed since.

    Django gives a session under a previous key a new id. A socket cannot pass that on to the browser, and of parallel
    requests only one can, so the others would be signed out. Here the session keeps its id; its hash is renewed.
    """
    if SESSION_KEY not in session or HASH_SESSION_KEY not in session:
        return None
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = load_backend(session[BACKEND_SESSION_KEY]).get_user(User._meta.pk.to_python(session[SESSION_KEY]))  # noqa: SLF001 - Django's documented way
    if not isinstance(user, User):
        return None
    current, stored = user.get_session_auth_hash(), session[HASH_SESSION_KEY]
    if constant_time_compare(stored, current):
        return user
    if not any(constant_time_compare(stored, each) for each in user.get_session_auth_fallback_hash()):
        session.flush()
        return None
    session[HASH_SESSION_KEY] = current
    return user
