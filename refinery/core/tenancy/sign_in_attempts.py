"""Protection against brute force: failures per account, per address and per both, counted in PostgreSQL so that
every process sees them.

Addresses and accounts are stored only as keyed digests, and an account that does not exist counts like any other,
so that the limit does not reveal which accounts exist.
"""

from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.utils.crypto import salted_hmac

WINDOW_SECONDS: Final = 15 * 60
ATTEMPT_RETENTION_SECONDS: Final = 24 * 3600

_COUNT = """
    INSERT INTO sign_in_attempt AS a (bucket, started_at, count) VALUES (%(bucket)s, clock_timestamp(), 1)
    ON CONFLICT (bucket) DO UPDATE SET
      count = CASE WHEN a.started_at < clock_timestamp() - make_interval(secs => %(window)s)
                   THEN 1 ELSE a.count + 1 END,
      started_at = CASE WHEN a.started_at < clock_timestamp() - make_interval(secs => %(window)s)
                        THEN clock_timestamp() ELSE a.started_at END
    RETURNING count, ceil(extract(epoch FROM started_at - clock_timestamp()) + %(window)s)::integer
"""
_UNCOUNT = "UPDATE sign_in_attempt SET count = greatest(count - 1, 0) WHERE bucket = %s"
_CLEAR = "DELETE FROM sign_in_attempt WHERE bucket = ANY (%s)"
_PRUNE = "DELETE FROM sign_in_attempt WHERE started_at < clock_timestamp() - make_interval(secs => %s)"


class TooManyAttempts(Exception):
    """Limit reached: wait `seconds_left`. Raised equally for existing and unknown accounts.

    `first` marks the attempt that reached the limit, so that a flood of attempts is recorded once.
    """

    def __init__(self, seconds_left: int, *, first: bool = False) -> None:
        """Store the wait for Retry-After."""
        super().__init__("too many attempts")
        self.seconds_left, self.first = max(1, seconds_left), first


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """Failures allowed per window: one user's typing errors, a distributed attack on one account, one busy office."""

    account_from_address: int = 8
    account: int = 40
    address: int = 120


SIGN_IN_LIMITS = SignInLimits()


def _bucket(*parts: str) -> str:
    return salted_hmac("refinery.attempts", "\0".join(parts), algorithm="sha256").hexdigest()


def _buckets(email: str, address: str) -> dict[str, int]:
    account = email.strip().casefold()
    return {
        _bucket("both", account, address): SIGN_IN_LIMITS.account_from_address,
        _bucket("account", account): SIGN_IN_LIMITS.account,
        _bucket("address", address): SIGN_IN_LIMITS.address,
    }


def count_attempt(email: str, address: str) -> None:
    """Count an attempt before the password is checked. Raises TooManyAttempts.

    Counting first prevents a burst of parallel guesses from passing below the limit together.
    """
    waits: list[int] = []
    first = False
    with connection.cursor() as cursor:
        for bucket, limit in _buckets(email, address).items():
            cursor.execute(_COUNT, {"bucket": bucket, "window": WINDOW_SECONDS})
            count, seconds_left = cursor.fetchone() or (0, 0)
            if count > limit:
                waits.append(seconds_left)
                first = first or count == limit + 1
    if waits:
        raise TooManyAttempts(max(waits), first=first)


def reset_attempts(email: str, address: str) -> None:
    """Undo the count of a successful attempt, and clear the account's earlier failures."""
    both, account, place = _buckets(email, address)
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [[both, account]])
        cursor.execute(_UNCOUNT, [place])
        cursor.execute(_PRUNE, [ATTEMPT_RETENTION_SECONDS])
