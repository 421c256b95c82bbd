"""Statements that a test's connection sends to PostgreSQL, with their values."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

Statement = tuple[str, Any]


@contextmanager
def recorded_statements() -> Iterator[list[Statement]]:
    """Yield the list of statements and their values, filled while the block runs."""
    found: list[Statement] = []

    def record(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield found
