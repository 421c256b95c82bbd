"""Clock of the database: all processes agree on it, whatever their own clocks show."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Return the present time, also later than the start of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    if row is None:
        message = "the database has no clock"
        raise RuntimeError(message)
    moment: datetime = row[0]
    return moment
