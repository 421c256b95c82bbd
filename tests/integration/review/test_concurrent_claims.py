"""Fifty concurrent claimers: no task is claimed twice, and none is left over."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Role
from refinery.core.types import UserId
from review.contracts import Submission
from review.domain.lifecycle import ReviewVerdict
from review.models import ReviewTask
from review.services.claims import claim_next
from review.services.submit import submit_review
from review.services.tasks import TaskRequest, open_task
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, add_person, make_tenant

CLAIMERS, TASKS = 50, 120


@pytest.fixture
def reviewers_and_tasks(committed_db: None) -> tuple[TenantFixture, list[Actor]]:
    """Return a tenant with many reviewers, and a task for each of many documents."""
    tenant = make_tenant(roles=[Role.ORG_ADMIN])
    people = [add_person(tenant, f"r{number}@acme.example", Role.REVIEWER) for number in range(CLAIMERS)]
    with tenant_scope(tenant.tenant_id):
        for _ in range(TASKS):
            document = make_document(tenant, fields=())
            open_task(TaskRequest(tenant.tenant_id, document.id, 1, "invoice"), at=timezone.now())
    actors = [Actor(UserId(user.pk), tenant.tenant_id, Role.REVIEWER) for user in people]
    return tenant, actors


def test_concurrent_claims_give_each_task_once(reviewers_and_tasks: tuple[TenantFixture, list[Actor]]) -> None:
    """All reviewers claim and reject until no task is left; each task was claimed exactly once."""
    _, actors = reviewers_and_tasks
    start = threading.Barrier(10)

    def work(mine: list[Actor]) -> list[UUID]:
        start.wait()
        given = []
        left = list(mine)
        while left:
            for actor in list(left):
                with tenant_scope(actor.tenant_id):
                    claimed = claim_next(actor=actor)
                    if claimed is None:
                        left.remove(actor)
                        continue
                    given.append(claimed.task_id)
                    submit_review(
                        actor=actor,
                        task_id=claimed.task_id,
                        token=claimed.lease.token,
                        submission=Submission(ReviewVerdict.REJECT, "not ours"),
                    )
        connections.close_all()
        return given

    with ThreadPoolExecutor(10) as pool:
        given = [task for tasks in pool.map(work, [actors[i::10] for i in range(10)]) for task in tasks]
    assert Counter(given).most_common(1)[0][1] == 1
    assert len(given) == TASKS
    with tenant_scope(actors[0].tenant_id):
        assert ReviewTask.objects.filter(state="SUBMITTED").count() == TASKS
