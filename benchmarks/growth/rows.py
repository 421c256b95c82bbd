"""More rows for the running program: `python -m benchmarks.growth.rows --documents 10000`, in its environment.

Documents that the program has read are copied as benchmarks.desk.seed does it, without their pages: no list reads
those. All copies are in one batch; every other one is decided. Each has its audit events, two training examples and
a webhook delivery. Prints the ids of the batch and of a copied document.
"""

import argparse
import sys

from django.db import connection

from benchmarks.desk.seed import DOCUMENT_OVERRIDES, TASK_OVERRIDES, Copies, copy_rows, update_statistics
from ingestion.models import Batch, Document, Field
from quality.models import Assessment, Issue
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.platform import tenant_by_slug
from refinery.core.types import TenantId
from refinery.core.webhooks.models import WebhookEndpoint
from review.models import ReviewTask

AT_ONCE = 50_000
BATCH = "Growth"
COPIES_SQL = """
    SELECT template.id AS old, uuidv7() AS new, number
    FROM generate_series(%s, %s) AS number
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total
          FROM document WHERE status = 'IN_REVIEW' AND batch_id IS NULL) AS template
      ON template.place = number %% template.total
"""
IS_DECIDED = "copies.number %% 2 = 0"
DECIDED_DOCUMENT = {
    "status": f"CASE WHEN {IS_DECIDED} THEN 'APPROVED' ELSE source.status END",
    "decided_at": f"CASE WHEN {IS_DECIDED} THEN now() END",
}
DECIDED_TASK = {
    "state": f"CASE WHEN {IS_DECIDED} THEN 'SUBMITTED' ELSE source.state END",
    "submitted_at": f"CASE WHEN {IS_DECIDED} THEN now() END",
}
HUMAN = {"human": f"CASE WHEN {IS_DECIDED} AND source.position < 2 THEN 'confirmed' ELSE source.human END"}
EXAMPLES_SQL = """
    INSERT INTO training_example (id, tenant_id, document_id, run, schema_key, field, kind, model_prediction,
        expert_correction, confidence, features, model_version, reviewer_role, pool, family, created_at)
    SELECT uuidv7(), f.tenant_id, f.document_id, f.run, 'invoice', f.name, 'confirmed', f.value, f.value, .9, '{}', '',
           'reviewer', CASE WHEN random() < .2 THEN 'audit' ELSE 'train' END, 'benchmark', now()
    FROM field f WHERE f.document_id = ANY(%s::uuid[]) AND f.position < 2
"""
DELIVERIES_SQL = """
    INSERT INTO webhook_delivery (id, tenant_id, endpoint_id, url, event, payload, attempts, error, created_at,
        delivered_at)
    SELECT uuidv7(), %s, %s, 'https://example.org/', 'document.approved', '{}', 1, '', now(), now()
    FROM unnest(%s::uuid[])
"""


def add_documents(tenant_id: TenantId, first: int, last: int) -> Copies:
    """Copy documents with the numbers from `first` to `last`, and all that belongs to them."""
    with tenant_scope(tenant_id), connection.cursor() as cursor:
        batch, _ = Batch.objects.get_or_create(tenant_id=tenant_id, name=BATCH)
        hook, _ = WebhookEndpoint.objects.get_or_create(
            tenant_id=tenant_id, url="https://example.org/", defaults={"secret": "x", "is_active": False}
        )
        cursor.execute(COPIES_SQL, [first, last])
        copies: Copies = [list(column) for column in zip(*cursor.fetchall(), strict=True)]
        in_batch = {"batch_id": f"'{batch.id}'::uuid"}
        copy_rows(Document, "id", {**DOCUMENT_OVERRIDES, **DECIDED_DOCUMENT, **in_batch}, copies)
        copy_rows(Field, "document_id", HUMAN, copies)
        copy_rows(Assessment, "document_id", {}, copies)
        copy_rows(Issue, "document_id", {}, copies)
        copy_rows(ReviewTask, "document_id", {**TASK_OVERRIDES, **DECIDED_TASK}, copies)
        copy_rows(AuditEvent, "object_id", {"object_id": "copies.new"}, copies)
        cursor.execute(EXAMPLES_SQL, [copies[1]])
        cursor.execute(DELIVERIES_SQL, [tenant_id, hook.id, copies[1]])
    return copies


def main() -> int:
    """Copy in parts, and update the planner's statistics."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--documents", type=int, default=10_000, help="number of the last copy")
    options = parser.parse_args()
    tenant_id = tenant_by_slug("demo")
    if tenant_id is None:
        sys.stderr.write("There is no tenant demo: is the program running?\n")
        return 1
    copies: Copies = []
    for first in range(options.first, options.documents + 1, AT_ONCE):
        copies = add_documents(tenant_id, first, min(first + AT_ONCE - 1, options.documents))
    update_statistics()
    with tenant_scope(tenant_id):
        batch_id = Batch.objects.get(tenant_id=tenant_id, name=BATCH).id
    print(batch_id, copies[1][-1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
