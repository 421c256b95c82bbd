"""Brute force, counted in PostgreSQL so that every process sees it: failures per account, per place, per both.

Addresses and accounts are kept as keyed digests alone, and an account that does not exist counts like any other,
so that the limit tells nobody which accounts there are.
"""

from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.utils.crypto import salted_hmac

WINDOW_SECONDS: Final = 15 * 60
KEPT_SECONDS: Final = 24 * 3600

_COUNT = """
    INSERT INTO sign_in_attempt AS a (bucket, started_at, count) VALUES (%(bucket)s, clock_timestamp(), 1)
    ON CONFLICT (bucket) DO UPDATE SET
      count = CASE WHEN a.started_at < clock_timestamp() - make_interval(secs => %(window)s)
                   THEN 1 ELSE a.count + 1 END,
      started_at = CASE WHEN a.started_at < clock_timestamp() - make_interval(secs => %(window)s)
                        THEN clock_timestamp() ELSE a.started_at END
    RETURNING count, ceil(extract(epoch FROM started_at - clock_timestamp()) + %(window)s)::integer
"""
_FORGIVE = "UPDATE sign_in_attempt SET count = greatest(count - 1, 0) WHERE bucket = %s"
_CLEAR = "DELETE FROM sign_in_attempt WHERE bucket = ANY (%s)"
_PRUNE = "DELETE FROM sign_in_attempt WHERE started_at < clock_timestamp() - make_interval(secs => %s)"


class TooManyAttempts(Exception):
    """Wait `seconds_left`: said alike of accounts that exist and of those that do not."""

    def __init__(self, seconds_left: int) -> None:
        """Keep the wait for Retry-After."""
        super().__init__("too many attempts")
        self.seconds_left = max(1, seconds_left)


@dataclass(frozen=True, slots=True)
class Limits:
    """Failures allowed in a window: a person's typing errors, a spread attack on one account, one busy office."""

    account_from_address: int = 8
    account: int = 40
    address: int = 120


LIMITS = Limits()


def _bucket(*parts: str) -> str:
    return salted_hmac("refinery.attempts", "\0".join(parts), algorithm="sha256").hexdigest()


def _buckets(email: str, address: str) -> dict[str, int]:
    account = email.strip().casefold()
    return {
        _bucket("both", account, address): LIMITS.account_from_address,
        _bucket("account", account): LIMITS.account,
        _bucket("address", address): LIMITS.address,
    }


def count_attempt(email: str, address: str) -> None:
    """Count an attempt before the password is looked at; raises TooManyAttempts.

    Counting first keeps a burst of parallel guesses from passing below the limit together.
    """
    waits: list[int] = []
    with connection.cursor() as cursor:
        for bucket, limit in _buckets(email, address).items():
            cursor.execute(_COUNT, {"bucket": bucket, "window": WINDOW_SECONDS})
            count, seconds_left = cursor.fetchone() or (0, 0)
            if count > limit:
                waits.append(seconds_left)
    if waits:
        raise TooManyAttempts(max(waits))


def forgive(email: str, address: str) -> None:
    """Take back the count of an attempt that was right, and what the account had gathered."""
    both, account, place = _buckets(email, address)
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [[both, account]])
        cursor.execute(_FORGIVE, [place])
        cursor.execute(_PRUNE, [KEPT_SECONDS])
