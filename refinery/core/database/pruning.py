"""Deletion of rows that nothing needs any more, in bounded batches, each in a separate transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from refinery.core.database.ids import first_id_at

BATCH: Final = 2000
MOST_BATCHES: Final = 50  # for each kind of row and run: the rest follows an hour later
SESSIONS: Final = """
    DELETE FROM django_session WHERE session_key IN (
      SELECT session_key FROM django_session WHERE expire_date < now() ORDER BY expire_date LIMIT %s)
"""
ATTEMPTS: Final = """
    DELETE FROM sign_in_attempt WHERE bucket IN (
      SELECT bucket FROM sign_in_attempt WHERE started_at < now() - interval '1 day' ORDER BY started_at LIMIT %s)
"""


@dataclass(frozen=True, slots=True)
class PruningRule:
    """Statement that deletes at most one batch of a kind of row, and how long such rows are kept."""

    name: str
    delete_batch: Callable[[datetime], int]


def _by_id(function: str, kept: timedelta) -> Callable[[datetime], int]:
    """Return the deletion by a platform function that compares ids, which sort by time."""
    return lambda now: _value(f"SELECT {function}(%s, %s)", [first_id_at(now - kept), BATCH])


def _by_age(function: str, days: int) -> Callable[[datetime], int]:
    """Return the deletion by a platform function that compares a time with the database's clock."""
    return lambda now: _value(f"SELECT {function}(%s, %s)", [days, BATCH])


RULES: Final = (
    PruningRule("idempotency_keys", _by_id("platform_prune_idempotency", timedelta(days=2))),
    PruningRule("outbox_messages", _by_id("platform_prune_outbox", timedelta(days=30))),
    PruningRule("webhook_deliveries", _by_age("platform_prune_deliveries", 60)),
    PruningRule("token_families", _by_age("platform_prune_token_families", 1)),
    PruningRule("sessions", lambda now: _count(SESSIONS)),
    PruningRule("sign_in_attempts", lambda now: _count(ATTEMPTS)),
)


def prune(rule: PruningRule, now: datetime) -> int:
    """Delete what the rule no longer keeps, at most MOST_BATCHES batches; return the number of rows."""
    total = 0
    for _ in range(MOST_BATCHES):
        with transaction.atomic():
            deleted = rule.delete_batch(now)
        total += deleted
        if deleted < BATCH:
            break
    return total


def _value(statement: str, values: list[UUID | int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [BATCH])
        return int(cursor.rowcount)
