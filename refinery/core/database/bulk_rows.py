"""Insert and update of rows by statements whose text does not depend on the number of rows.

The rows are one JSON parameter, so PostgreSQL keeps the plan and Django compiles nothing. For hot paths; a model's own
`save` is not called.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from django.db import models

from refinery.core.database.prepared import prepared_cursor

Names = tuple[str, ...]


def insert_rows(rows: Sequence[models.Model], *, unique: Names = (), replace: Names = ()) -> None:
    """Insert instances of one model in one statement.

    With `unique` a row that already exists by these columns gets the new values of the columns `replace`.
    """
    if not rows:
        return
    model = type(rows[0])
    _execute(_upsert_sql(model, unique, replace), rows_as_json(rows))
    for row in rows:
        row._state.adding = False  # noqa: SLF001 - as bulk_create does


def update_rows(rows: Sequence[models.Model], columns: Names) -> int:
    """Write these columns of instances of one model in one statement; return the number of rows that were found."""
    if not rows:
        return 0
    return _execute(_update_sql(type(rows[0]), columns), rows_as_json(rows, ("id", *columns)), [row.pk for row in rows])


def rows_as_json(rows: Sequence[models.Model], columns: Names = ()) -> str:
    """Return instances of one model as the parameter of `insert_sql`; with `columns` only these, for an update."""
    fields = _fields_of(type(rows[0]))
    chosen = [(name, fields[name]) for name in columns or fields]
    values = [{name: field.pre_save(row, not columns) for name, field in chosen} for row in rows]
    return orjson.dumps(values, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


@cache
def insert_sql(model: type[models.Model]) -> str:
    """Return the statement that inserts rows of a model, whose parameter is `rows_as_json`."""
    table, columns = _table_of(model), ", ".join(_fields_of(model))
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {_rows_of(table)}"  # noqa: S608 - our own tables and columns


def _execute(sql: str, *values: Any) -> int:
    with prepared_cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


@cache
def _fields_of(model: type[models.Model]) -> dict[str, Any]:
    return {str(field.column): field for field in model._meta.concrete_fields}  # noqa: SLF001 - Django's documented interface


def _table_of(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001 - as above


def _rows_of(table: str) -> str:
    return f"jsonb_populate_recordset(NULL::{table}, %s::jsonb)"


@cache
def _upsert_sql(model: type[models.Model], unique: Names, replace: Names) -> str:
    if not unique:
        return insert_sql(model)
    assignments = ", ".join(f"{column} = EXCLUDED.{column}" for column in replace)
    return f"{insert_sql(model)} ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {assignments}"


@cache
def _update_sql(model: type[models.Model], columns: Names) -> str:
    table = _table_of(model)
    assignments = ", ".join(f"{column} = written.{column}" for column in columns)
    # Without the list of ids the planner expects a hundred rows from a function, and reads the whole table.
    return (
        f"UPDATE {table} SET {assignments} FROM {_rows_of(table)} AS written "  # noqa: S608 - as above
        f"WHERE {table}.id = written.id AND {table}.id = ANY(%s)"
    )


def _plain(value: object) -> str:
    """Return a value of a column in the form that PostgreSQL reads. Raises TypeError for other types."""
    if isinstance(value, Decimal):
        return str(value)
    message = f"no column holds {type(value).__name__}"
    raise TypeError(message)
