"""Fill the desk: `python -m benchmarks.desk.seed --tasks 10000`, in the running program's environment.

A few dozen documents that the program has really read (uploaded by REST) are copied in the database with their pages,
fields, assessments, issues and tasks, so that sizes and shapes are realistic. The copies differ in identifying values
(ids, hash, file name), and in the task's priority and due time, which determine the order of the queue.
"""

import argparse
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refinery.settings.local")
django.setup()

import psycopg  # noqa: E402 - after Django's set-up
from django.db import connection, models  # noqa: E402 - after Django's set-up

from ingestion.models import Document, Field, Page  # noqa: E402 - after Django's set-up
from quality.models import Assessment, Issue  # noqa: E402 - after Django's set-up
from refinery.core.database.scope import tenant_scope  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.platform import tenant_by_slug  # noqa: E402 - after Django's set-up
from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from refinery.stack.roles import APP, OWNER  # noqa: E402 - after Django's set-up
from review.models import ReviewTask  # noqa: E402 - after Django's set-up

COPIES_SQL = """
    SELECT template.id AS old, uuidv7() AS new, number
    FROM generate_series(1, %s) AS number
    JOIN (SELECT d.id, row_number() OVER (ORDER BY d.id) - 1 AS place, count(*) OVER () AS total
          FROM document d JOIN review_task t ON t.document_id = d.id AND t.state = 'OPEN') AS template
      ON template.place = number %% template.total
"""
DOCUMENT_OVERRIDES = {
    "id": "copies.new",
    "sha256": "encode(sha256(convert_to(copies.number::text, 'UTF8')), 'hex')",
    "filename": "lpad(copies.number::text, 6, '0') || '-' || source.filename",
}
TASK_OVERRIDES = {"priority": "(random() * 4)::int - 2", "due_at": "now() + interval '1 hour' * (random() * 200 - 20)"}
CHILDREN: tuple[tuple[type[models.Model], dict[str, str]], ...] = (
    (Page, {}),
    (Field, {}),
    (Assessment, {}),
    (Issue, {}),
    (ReviewTask, TASK_OVERRIDES),
)


Copies = list[list[object]]  # ids of the templates, ids of their copies, numbers


def plan_copies(count: int) -> Copies:
    """Return which documents to copy; the application role may not create temporary tables."""
    with connection.cursor() as cursor:
        cursor.execute(COPIES_SQL, [count])
        return [list(column) for column in zip(*cursor.fetchall(), strict=True)] or [[], [], []]


def copy_rows(model: type[models.Model], key: str, overrides: dict[str, str], copies: Copies) -> int:
    """Copy the templates' rows of a table; `key` is the document column, `overrides` are expressions by column."""
    overridden = {"id": "uuidv7()", "document_id": "copies.new", **overrides}
    columns = [str(field.column) for field in model._meta.concrete_fields]  # noqa: SLF001 - Django's documented interface
    values = ", ".join(overridden.get(column, f"source.{column}") for column in columns)
    table = model._meta.db_table  # noqa: SLF001 - as above
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "  # noqa: S608 - our own tables and columns
        f"FROM {table} AS source JOIN unnest(%s::uuid[], %s::uuid[], %s::int[]) AS copies(old, new, number) "
        f"ON copies.old = source.{key}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, copies)
        return int(cursor.rowcount)


def update_statistics() -> None:
    """Vacuum, and collect the planner's statistics, as autovacuum does in time."""
    with psycopg.connect(env.database_url.replace(APP, OWNER, 1), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def main() -> int:
    """Copy, and update the planner's statistics; print rows by table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    options = parser.parse_args()
    tenant_id = tenant_by_slug("demo")
    if tenant_id is None:
        sys.stderr.write("There is no tenant demo: is the program running?\n")
        return 1
    with tenant_scope(tenant_id):
        copies = plan_copies(options.tasks)
        print(f"{copy_rows(Document, 'id', DOCUMENT_OVERRIDES, copies)} {Document._meta.db_table}")  # noqa: SLF001 - as above
        for model, given in CHILDREN:
            print(f"{copy_rows(model, 'document_id', given, copies)} {model._meta.db_table}")  # noqa: SLF001 - as above
    update_statistics()
    return 0


if __name__ == "__main__":
    sys.exit(main())
