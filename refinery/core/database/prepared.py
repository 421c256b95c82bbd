"""Cursors for statements with a constant text: PostgreSQL keeps their plan."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


def prepared_cursor() -> CursorWrapper:
    """Return a cursor of the default connection that sends values apart from the SQL.

    Django's own cursors put the values into the text, so each statement is parsed and planned anew.
    """
    backend: Any = connection  # Django's annotations know neither psycopg's connection nor the wrapping of cursors
    backend.ensure_connection()
    with backend.wrap_database_errors:
        cursor: Any = ServerBindingCursor
        wrapped: CursorWrapper = backend._prepare_cursor(cursor(backend.connection))  # noqa: SLF001 - as connection.cursor() does
    return wrapped


def execute_together(statements: Sequence[str], values: Mapping[str, Any]) -> list[list[Any]]:
    """Send all statements in one round trip and return the rows of each; a statement without a result has none.

    Each statement sees the effects of the previous ones.
    """
    backend: Any = connection
    backend.ensure_connection()
    cursors = [prepared_cursor() for _ in statements]
    with backend.wrap_database_errors, backend.connection.pipeline():
        for cursor, statement in zip(cursors, statements, strict=True):
            cursor.execute(statement, values)
    return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
