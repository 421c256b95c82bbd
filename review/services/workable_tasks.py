"""SQL conditions on the tasks that an actor may claim, for a claim of one statement.

They say in SQL what QueueQuerySet.workable_by, TaskQuerySet.permitted and TaskQuerySet.decidable_by say (a test checks
that they agree): a separate query would cost as much as the claim. A guest's tasks are one list of ids and not joined
by OR, which PostgreSQL would evaluate for each task.
"""

from typing import Final

_DECIDABLE_SQL: Final = """
    t.tenant_id = %(tenant)s AND (t.excluded_id IS NULL OR t.excluded_id <> %(user)s)
    AND (%(user)s <> ALL (t.involved_ids) OR (SELECT four_eyes FROM tenant WHERE id = %(tenant)s) = 'off')
    AND (t.raised_at IS NULL OR %(decides)s)
"""
_IS_REVIEW_SQL: Final = (
    "EXISTS (SELECT 1 FROM auth_permission p WHERE p.id = g.permission_id AND p.codename = 'review_{kind}')"
)
_GRANTED_SQL: Final = f"""
    SELECT g.content_object_id FROM {{kind}}_user_grant g WHERE g.user_id = %(user)s AND {_IS_REVIEW_SQL}
    UNION ALL
    SELECT g.content_object_id FROM {{kind}}_team_grant g WHERE g.group_id = ANY(%(teams)s::uuid[]) AND {_IS_REVIEW_SQL}
"""  # noqa: S608 - our own constants, no value is put in


def _granted(kind: str) -> str:
    return _GRANTED_SQL.format(kind=kind)


MEMBER_WORKABLE_SQL: Final = f"""
    {_DECIDABLE_SQL}
    AND (t.queue_id = ANY(ARRAY(
      SELECT q.id FROM queue q
      WHERE q.tenant_id = %(tenant)s AND (%(queue)s::uuid IS NULL OR q.id = %(queue)s::uuid)
        AND (q.team_id IS NULL OR q.team_id = ANY(%(teams)s::uuid[])
             OR EXISTS (SELECT 1 FROM queue_user_grant g WHERE g.content_object_id = q.id AND g.user_id = %(user)s
                        AND g.permission_id = (SELECT id FROM auth_permission WHERE codename = 'review_queue'))
             OR (%(teams)s::uuid[] <> '{{}}' AND EXISTS (
                 SELECT 1 FROM queue_team_grant g
                 WHERE g.content_object_id = q.id AND g.group_id = ANY(%(teams)s::uuid[])
                 AND g.permission_id = (SELECT id FROM auth_permission WHERE codename = 'review_queue'))))))
         OR (t.raised_at IS NOT NULL AND %(decides)s AND %(queue)s::uuid IS NULL))
"""  # noqa: S608 - our own constants, no value is put in
GUEST_WORKABLE_SQL: Final = f"""
    {_DECIDABLE_SQL}
    AND (%(queue)s::uuid IS NULL OR t.queue_id = %(queue)s::uuid)
    AND t.id IN (
      SELECT w.id FROM review_task w WHERE w.queue_id IN ({_granted("queue")}) AND w.state IN ('OPEN', 'POSTPONED')
      UNION ALL
      SELECT w.id FROM review_task w WHERE w.document_id IN ({_granted("document")})
      UNION ALL
      SELECT w.id FROM review_task w JOIN document d ON d.id = w.document_id
      WHERE d.parent_id IN ({_granted("document")})
      UNION ALL
      SELECT w.id FROM review_task w JOIN document d ON d.id = w.document_id
      WHERE d.batch_id IN ({_granted("batch")}))
"""  # noqa: S608 - our own constants, no value is put in
