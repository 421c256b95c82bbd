"""Fifty claimers at once: no task is given twice, and none is left over."""

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
from review.domain.lifecycle import Verdict
from review.models import ReviewTask
from review.services.claims import claim_next
from review.services.submit import submit_review
from review.services.tasks import TaskRequest, open_task
from tests.factories.documents import make_document
from tests.factories.people import House, add_person, make_house

CLAIMERS, TASKS = 50, 120


@pytest.fixture
def crowd(committed_db: None) -> tuple[House, list[Actor]]:
    """A tenant with many reviewers, and a task for each of many documents."""
    house = make_house(roles=[Role.ORG_ADMIN])
    people = [add_person(house, f"r{number}@acme.example", Role.REVIEWER) for number in range(CLAIMERS)]
    with tenant_scope(house.tenant_id):
        for _ in range(TASKS):
            document = make_document(house, fields=())
            open_task(TaskRequest(house.tenant_id, document.id, 1, "invoice"), at=timezone.now())
    actors = [Actor(UserId(user.pk), house.tenant_id, Role.REVIEWER) for user in people]
    return house, actors


def test_no_task_is_given_twice(crowd: tuple[House, list[Actor]]) -> None:
    """Everyone claims and rejects until nothing is left; each task was given exactly once."""
    _, actors = crowd
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
                        submission=Submission(Verdict.REJECT, "not ours"),
                    )
        connections.close_all()
        return given

    with ThreadPoolExecutor(10) as pool:
        given = [task for tasks in pool.map(work, [actors[i::10] for i in range(10)]) for task in tasks]
    assert Counter(given).most_common(1)[0][1] == 1
    assert len(given) == TASKS
    with tenant_scope(actors[0].tenant_id):
        assert ReviewTask.objects.filter(state="SUBMITTED").count() == TASKS
