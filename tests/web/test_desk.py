"""Desk: the chosen queue, the documents that a reviewer holds, filters in the address."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.domain.lifecycle import TaskState
from review.models import ReviewTask
from review.selectors import desk
from review.views import desk as desk_view
from tests.support.factories.documents import make_document, make_queue, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


@pytest.fixture
def reviewer(tenant: TenantFixture) -> Client:
    """Return a signed-in reviewer."""
    return tenant.client(Role.REVIEWER)


def state_of(tenant: TenantFixture, task: ReviewTask) -> str:
    """Return the present state of a task."""
    with tenant_scope(tenant.tenant_id):
        return ReviewTask.objects.get(pk=task.pk).state


def test_start_claims_from_chosen_queue(tenant: TenantFixture, reviewer: Client) -> None:
    """Not the more urgent task of another queue; the viewer's address and JSON name the queue."""
    chosen = make_queue(tenant, "Receipts")
    make_task(tenant, priority=9)
    wanted = make_task(tenant, queue=chosen)
    page = reviewer.get(f"/?queue={chosen.id}").content.decode()
    assert f'<input type="hidden" name="queue" value="{chosen.id}">' in page
    assert 'data-testid="queue-count">1<' in page
    answer = reviewer.post("/review/start/", {"queue": str(chosen.id)})
    assert answer.headers["Location"] == f"/review/tasks/{wanted.id}/?queue={chosen.id}"
    assert f'"chosen_queue": "{chosen.id}"' in reviewer.get(answer.headers["Location"]).content.decode()


def test_start_in_empty_queue_claims_nothing(tenant: TenantFixture, reviewer: Client) -> None:
    """The desk is shown again, with the queue still chosen."""
    chosen = make_queue(tenant, "Receipts")
    other = make_task(tenant)
    assert reviewer.post("/review/start/", {"queue": str(chosen.id)}).headers["Location"] == f"/?queue={chosen.id}"
    assert state_of(tenant, other) == TaskState.OPEN


def test_start_with_lease_elsewhere_still_honours_queue(tenant: TenantFixture, reviewer: Client) -> None:
    """One document of another queue may be held meanwhile; with two, the reviewer has to release one."""
    chosen = make_queue(tenant, "Receipts")
    for _ in range(2):
        make_task(tenant)
    receipt = make_task(tenant, queue=chosen)
    reviewer.post("/review/start/")
    answer = reviewer.post("/review/start/", {"queue": str(chosen.id)})
    assert str(receipt.id) in answer.headers["Location"]


def test_two_held_documents_are_listed_and_released(tenant: TenantFixture, reviewer: Client) -> None:
    """Each with a link and a button; releasing needs no token, and is refused for the documents of others."""
    client = tenant.api(Role.REVIEWER)
    tasks = [make_task(tenant, make_document(tenant, filename=name)) for name in ("one.pdf", "two.pdf")]
    for task in tasks:
        assert (
            reviewer.post(f"/v1/review/tasks/{task.id}/claim", {}, content_type="application/json").status_code == 200
        )
    page = reviewer.get("/").content.decode()
    assert all(f'id="held-{task.id}"' in page and f'id="release-{task.id}"' in page for task in tasks)
    assert tenant.client(Role.MANAGER).post(f"/review/tasks/{tasks[0].id}/give-back").status_code == 302
    assert state_of(tenant, tasks[0]) == TaskState.CLAIMED
    assert reviewer.post(f"/review/tasks/{tasks[0].id}/give-back").headers["Location"] == "/?"
    assert state_of(tenant, tasks[0]) == TaskState.OPEN
    page = reviewer.get("/").content.decode()
    assert f'id="held-{tasks[0].id}"' not in page
    assert f'id="held-{tasks[1].id}"' in page
    assert client.get("/v1/review/tasks?status=CLAIMED").json()["results"][0]["id"] == str(tasks[1].id)


def test_start_with_two_documents_of_other_queues_says_so(tenant: TenantFixture, reviewer: Client) -> None:
    """Nothing is claimed beyond two."""
    chosen = make_queue(tenant, "Receipts")
    receipt = make_task(tenant, queue=chosen)
    for _ in range(2):
        task = make_task(tenant)
        reviewer.post(f"/v1/review/tasks/{task.id}/claim", {}, content_type="application/json")
    answer = reviewer.post("/review/start/", {"queue": str(chosen.id)}, follow=True)
    assert "You hold two documents already." in answer.content.decode()
    assert state_of(tenant, receipt) == TaskState.OPEN


@pytest.mark.parametrize(
    ("part", "query", "address"),
    [
        ("tasks", "q=inv&state=&queue=", "/?q=inv"),
        ("tasks", "q=&state=POSTPONED&queue=", "/?state=POSTPONED"),
        ("tasks", "q=&state=&queue=", "/"),
        ("counts", "q=inv&state=&queue=", None),
    ],
)
def test_filters_become_the_address(reviewer: Client, part: str, query: str, address: str | None) -> None:
    """Empty filters are left out; a refresh of the counts changes nothing."""
    answer = reviewer.get(f"/?part={part}&{query}")
    assert answer.headers.get("HX-Replace-Url") == address


def test_document_filters_become_the_address(reviewer: Client) -> None:
    """As on the desk."""
    answer = reviewer.get("/documents/?part=rows&q=acme&status=REJECTED&schema=")
    assert answer.headers["HX-Replace-Url"] == "/documents/?q=acme&status=REJECTED"


def test_task_table_shows_certainty_and_end_of_claims(tenant: TenantFixture, reviewer: Client) -> None:
    """High is good, as for scores; a claim carries the time at which it lapses."""
    until = timezone.now() + timedelta(seconds=90)
    held: dict[str, Any] = {"state": "CLAIMED", "assignee_id": tenant.user(Role.MANAGER).id, "lease_expires_at": until}
    make_task(tenant, risk=0.2, lease_token="00000000-0000-4000-8000-000000000001", **held)
    page = reviewer.get("/").content.decode()
    assert '<span class="score__number">80</span>' in page
    assert f'data-until="{timezone.localtime(until).isoformat()}"' in page


def test_counts_stop_at_a_limit(tenant: TenantFixture, reviewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """More tasks than the limit are shown with a plus, those overdue and due soon too."""
    monkeypatch.setattr(desk, "COUNTED_TO", 2)
    now = timezone.now()
    for minutes in (-60, -50, -40, 30, 40):
        make_task(tenant, due_at=now + timedelta(minutes=minutes))
    other = make_queue(tenant, "Receipts")
    make_task(tenant, queue=other, due_at=now + timedelta(days=1))
    page = reviewer.get("/").content.decode()
    assert 'data-testid="queue-count">3+<' in page
    assert "2+ overdue" in page
    assert "2 due within the hour" in page
    assert '<span class="end medium">2+</span>' in page
    assert 'data-testid="queue-count">1<' in reviewer.get(f"/?queue={other.id}").content.decode()


def test_tasks_with_lapsed_lease_are_counted_as_waiting(tenant: TenantFixture, reviewer: Client) -> None:
    """They can be claimed like open ones; those of other people with a live lease cannot."""
    now = timezone.now()
    other = tenant.actor(Role.MANAGER).user_id
    held: dict[str, Any] = {"state": TaskState.CLAIMED, "assignee_id": other, "lease_token": uuid4()}
    make_task(tenant, **held, lease_expires_at=now - timedelta(minutes=1), due_at=now - timedelta(minutes=5))
    make_task(tenant, **held, lease_expires_at=now + timedelta(minutes=1), due_at=now - timedelta(minutes=5))
    page = reviewer.get("/").content.decode()
    assert 'data-testid="queue-count">1<' in page
    assert "1 overdue" in page


def test_own_work_is_counted_from_today(tenant: TenantFixture, reviewer: Client) -> None:
    """What was decided yesterday is not."""
    now, me = timezone.localtime(), tenant.actor(Role.REVIEWER).user_id
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for at in (midnight, midnight + timedelta(seconds=1), midnight - timedelta(seconds=1)):
        make_task(tenant, state=TaskState.SUBMITTED, assignee_id=me, submitted_at=at)
    make_task(tenant, state=TaskState.POSTPONED, assignee_id=me, postponed_until=now)
    with tenant_scope(tenant.tenant_id):
        counts = desk.desk_counts(tenant.actor(Role.REVIEWER), now)
    assert (counts.decided_today, counts.postponed) == (2, 1)


@pytest.mark.parametrize(
    ("part", "kept", "left_out"), [("tasks", 'id="tasks"', "desk_counts"), ("counts", 'id="counts"', "tasks")]
)
def test_part_of_desk_reads_only_what_it_shows(
    tenant: TenantFixture, reviewer: Client, monkeypatch: pytest.MonkeyPatch, part: str, kept: str, left_out: str
) -> None:
    """A refresh of the table counts no queue, a refresh of the counts reads no table."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(left_out)

    make_task(tenant)
    monkeypatch.setattr(desk_view, left_out, refuse)
    assert kept in reviewer.get(f"/?part={part}").content.decode()
