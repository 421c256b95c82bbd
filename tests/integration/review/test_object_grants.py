"""Object grants: a guest sees and does what was granted, and nothing else."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission as DjangoPermission
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from ingestion.models import Batch, BatchTeamGrant, Document, DocumentUserGrant, Field
from ingestion.services.exports import request_export
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor, NotAllowed
from refinery.core.tenancy.granting import UnknownGrantee, accesses_of, set_grants
from refinery.core.tenancy.grants import Access
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.querysets import SharedQuerySet, TenantQuerySet
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.services import add_member
from review.domain.lease_errors import TaskAlreadyClaimed
from review.domain.lifecycle import TaskState
from review.models import Queue, QueueUserGrant, ReviewTask
from review.selectors.desk import desk_counts
from review.services.claims import claim_next, claim_task, heartbeat
from review.services.leases import release_task
from tests.support.factories.documents import FieldSample, make_batch, make_document, make_queue, make_task
from tests.support.factories.grants import grant
from tests.support.factories.populated_tenant import make_populated_tenant
from tests.support.factories.tenants import TenantFixture, make_team, make_tenant


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant."""
    return make_tenant()


@pytest.fixture
def guest(tenant: TenantFixture) -> Iterator[Actor]:
    """Yield the guest in the tenant's scope."""
    actor = tenant.actor(Role.GUEST)
    with tenant_scope(tenant.tenant_id):
        yield actor


def visible_documents(actor: Actor) -> set[UUID]:
    """Return the ids of the documents that the actor sees."""
    return set(Document.objects.visible_to(actor).values_list("pk", flat=True))


def test_guest_without_grant_sees_no_row_of_any_tenant_model(db: None) -> None:
    """Except what every member may read: schemas, the people and keys that names are taken from, and own requests."""
    populated = make_populated_tenant("acme")
    guest = populated.tenant.actor(Role.GUEST)
    with tenant_scope(populated.tenant.tenant_id):
        seen = {
            model._meta.label
            for model in apps.get_models()
            if isinstance(rows := model._default_manager.all(), TenantQuerySet)
            and not isinstance(rows, SharedQuerySet)
            and rows.visible_to(guest).exists()
        }
        shared = {
            model._meta.label for model in apps.get_models() if isinstance(model._default_manager.all(), SharedQuerySet)
        }
    assert seen == set()
    assert shared == {
        "ingestion.Schema",
        "tenancy.ApiKey",
        "tenancy.Membership",
        "tenancy.Team",
        "tenancy.TeamMembership",
        "web.IdempotencyKey",
    }


def test_visible_to_guest_is_what_was_granted_in_each_way(tenant: TenantFixture, guest: Actor) -> None:
    """Document, what came out of it, batch, queue; to the user or to their team; never the rest."""
    person = tenant.user(Role.GUEST)
    batch, own, secret = make_batch(tenant), make_document(tenant), make_document(tenant)
    child = make_document(tenant, parent=own, part=1)
    in_batch = make_document(tenant, batch=batch)
    queue = make_queue(tenant, "Granted")
    task = make_task(tenant, make_document(tenant), queue=queue)
    hidden = make_task(tenant, secret, queue=make_queue(tenant, "Hidden"))
    grant(tenant, own, person, Access.VIEW)
    assert visible_documents(guest) == {own.id, child.id}
    team = make_team(tenant, "Outside", Role.GUEST)
    grant(tenant, batch, team, Access.VIEW)
    grant(tenant, queue, person, Access.REVIEW)
    member = tenant.actor(Role.GUEST)
    assert visible_documents(guest) == {own.id, child.id, task.document_id}
    assert visible_documents(member) == {own.id, child.id, in_batch.id, task.document_id}
    assert list(Batch.objects.visible_to(member)) == [batch]
    assert list(Queue.objects.visible_to(member)) == [queue]
    assert list(ReviewTask.objects.visible_to(member)) == [task]
    assert hidden.document_id not in visible_documents(member)
    ReviewTask.objects.filter(pk=task.pk).update(state=TaskState.CANCELLED)
    assert task.document_id not in visible_documents(member)


def test_visible_to_guest_filters_rows_of_documents(tenant: TenantFixture, guest: Actor) -> None:
    """A field is seen with its document."""
    own, secret = (make_document(tenant, fields=(FieldSample("total", "1.00", 0.9),)) for _ in range(2))
    grant(tenant, own, tenant.user(Role.GUEST), Access.EXPORT)
    assert set(Field.objects.visible_to(guest).values_list("document_id", flat=True)) == {own.id}
    assert Field.objects.filter(document=secret).exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.ORG_ADMIN])
def test_visible_to_member_ignores_grants_and_asks_no_grant_table(tenant: TenantFixture, role: Role) -> None:
    """Rights in the whole tenant cost no more than before."""
    document = make_document(tenant)
    actor = tenant.actor(role)
    with tenant_scope(tenant.tenant_id), CaptureQueriesContext(connection) as captured:
        assert Document.objects.visible_to(actor).get() == document
        assert Document.objects.get_permitted(actor, Permission.DOCUMENT_VIEW, pk=document.pk) == document
    assert len(captured) == 2
    assert all("_grant" not in query["sql"] for query in captured.captured_queries)


def test_export_needs_export_grant(tenant: TenantFixture, guest: Actor) -> None:
    """403 for a document that the guest only sees, as if absent for one that they do not see."""
    document, secret = make_document(tenant), make_document(tenant)
    person = tenant.user(Role.GUEST)
    grant(tenant, document, person, Access.REVIEW)
    with pytest.raises(NotAllowed):
        request_export(actor=guest, document_id=document.id, form="pdf")
    with pytest.raises(Document.DoesNotExist):
        request_export(actor=guest, document_id=secret.id, form="pdf")
    grant(tenant, document, person, Access.EXPORT)
    assert request_export(actor=guest, document_id=document.id, form="pdf").document_id == document.id


@pytest.mark.parametrize("kind", ["document", "parent", "batch", "queue", "team"])
@pytest.mark.parametrize("access", [Access.REVIEW, Access.VIEW])
def test_guest_claims_tasks_with_review_grant_only(
    tenant: TenantFixture, guest: Actor, kind: str, access: Access
) -> None:
    """The claim's SQL agrees with the querysets and with the desk."""
    file, queue, batch = make_document(tenant), make_queue(tenant, "Granted"), make_batch(tenant)
    document = make_document(tenant, batch=batch, parent=file, part=1)
    task = make_task(tenant, document, queue=queue)
    make_task(tenant, make_document(tenant), queue=make_queue(tenant, "Hidden"), priority=9)
    targets: dict[str, Model] = {"document": document, "parent": file, "batch": batch, "queue": queue, "team": queue}
    grantee = make_team(tenant, "Outside", Role.GUEST) if kind == "team" else tenant.user(Role.GUEST)
    grant(tenant, targets[kind], grantee, access)
    actor = tenant.actor(Role.GUEST)
    workable = access is Access.REVIEW
    assert ReviewTask.objects.visible_to(actor).get() == task
    assert ReviewTask.objects.permitted(actor, Permission.REVIEW_WORK).exists() == workable
    waiting = desk_counts(actor, task.opened_at).queues
    assert [(line.name, line.waiting) for line in waiting] == ([("Granted", 1)] if workable else [])
    if not workable:
        with pytest.raises(NotAllowed):
            claim_task(actor=actor, task_id=task.id)
    claimed = claim_next(actor=actor)
    assert (claimed and claimed.task_id) == (task.id if workable else None)
    if claimed:
        release_task(actor=actor, task_id=task.id, token=claimed.lease.token)
        assert claim_task(actor=actor, task_id=task.id).task_id == task.id
        assert claim_next(actor=tenant.actor(Role.REVIEWER), queue_id=queue.id) is None


def test_claim_task_of_guest_without_grant_finds_nothing(tenant: TenantFixture, guest: Actor) -> None:
    """Nothing tells that the task exists; for a granted one that another holds, this is told."""
    task = make_task(tenant, make_document(tenant), queue=make_queue(tenant))
    with pytest.raises(ReviewTask.DoesNotExist):
        claim_task(actor=guest, task_id=task.id)
    grant(tenant, task.document, tenant.user(Role.GUEST), Access.REVIEW)
    claim_task(actor=tenant.actor(Role.REVIEWER), task_id=task.id)
    with pytest.raises(TaskAlreadyClaimed):
        claim_task(actor=guest, task_id=task.id)


def test_revocation_takes_effect_at_once(tenant: TenantFixture, guest: Actor) -> None:
    """Neither the lease nor the document is left."""
    task = make_task(tenant, make_document(tenant), queue=make_queue(tenant))
    person = tenant.user(Role.GUEST)
    grant(tenant, task.document, person, Access.REVIEW)
    lease = claim_task(actor=guest, task_id=task.id).lease
    assert heartbeat(actor=guest, task_id=task.id, token=lease.token).token == lease.token
    grant(tenant, task.document, person, Access.VIEW)
    with pytest.raises(NotAllowed):
        heartbeat(actor=guest, task_id=task.id, token=lease.token)
    grant(tenant, task.document, person)
    with pytest.raises(ReviewTask.DoesNotExist):
        release_task(actor=guest, task_id=task.id, token=lease.token)
    assert visible_documents(guest) == set()


@pytest.mark.parametrize(("access", "workable"), [(Access.REVIEW, True), (Access.VIEW, False)])
@pytest.mark.parametrize("to_team", [False, True])
def test_grant_opens_queue_of_other_team_to_reviewer(
    tenant: TenantFixture, access: Access, workable: bool, to_team: bool
) -> None:
    """Only a grant to review does; the queue is visible to a reviewer anyway."""
    queue = make_queue(tenant, "Night", team=make_team(tenant, "Night"))
    task = make_task(tenant, make_document(tenant), queue=queue)
    grant(tenant, queue, make_team(tenant, "Day", Role.REVIEWER) if to_team else tenant.user(Role.REVIEWER), access)
    actor = tenant.actor(Role.REVIEWER)
    with tenant_scope(tenant.tenant_id):
        assert Queue.objects.workable_by(actor).exists() == workable
        claimed = claim_next(actor=actor)
    assert (claimed and claimed.task_id) == (task.id if workable else None)


def test_set_grants_replaces_and_audits_before_and_after(tenant: TenantFixture) -> None:
    """A change to the same accesses is no event."""
    document, person = make_document(tenant), tenant.user(Role.GUEST)
    grant(tenant, document, person, Access.VIEW, Access.EXPORT)
    grant(tenant, document, person, Access.EXPORT, Access.VIEW)
    grant(tenant, document, person, Access.REVIEW)
    with tenant_scope(tenant.tenant_id):
        assert accesses_of(document, person) == {Access.REVIEW}
        events = AuditEvent.objects.filter(action="grants.changed").order_by("id")
        found = [(event.object_id, *(event.detail[key] for key in ("user", "before", "after"))) for event in events]
    assert found == [
        (document.id, str(person.pk), [], ["export", "view"]),
        (document.id, str(person.pk), ["export", "view"], ["review"]),
    ]


def test_set_grants_refuses_lower_roles_and_other_tenants(tenant: TenantFixture) -> None:
    """Neither a foreign object nor a foreign user or team."""
    other = make_tenant("other")
    document, foreign = make_document(tenant), make_document(other)
    strangers = (other.user(Role.GUEST), make_team(other, "Outside"))
    admin, person = tenant.actor(Role.ORG_ADMIN), tenant.user(Role.GUEST)
    wanted = frozenset({Access.VIEW})
    with tenant_scope(tenant.tenant_id):
        with pytest.raises(NotAllowed):
            set_grants(actor=tenant.actor(Role.MANAGER), target=document, grantee=person, wanted=wanted)
        with pytest.raises(Document.DoesNotExist):
            set_grants(actor=admin, target=foreign, grantee=person, wanted=wanted)
        for grantee in strangers:
            with pytest.raises(UnknownGrantee):
                set_grants(actor=admin, target=document, grantee=grantee, wanted=wanted)
        assert not DocumentUserGrant.objects.exists()


def test_database_refuses_grants_across_tenants(tenant: TenantFixture) -> None:
    """By row level security, and by foreign keys that carry the tenant."""
    other = make_tenant("other")
    batch, foreign_team = make_batch(tenant), make_team(other, "Outside")
    view = DjangoPermission.objects.get(codename="view_batch")
    with tenant_scope(tenant.tenant_id), transaction.atomic():
        row = BatchTeamGrant.objects.create(permission=view, content_object=batch, group_id=foreign_team.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.check_constraints()
        row.delete()
    grant(tenant, batch, tenant.user(Role.GUEST), Access.VIEW)
    with tenant_scope(other.tenant_id):
        assert not apps.get_model("ingestion", "BatchUserGrant").objects.exists()


def test_grants_of_one_tenant_do_not_count_in_another(tenant: TenantFixture) -> None:
    """A user who is a guest of two tenants sees in each what was granted there."""
    other = make_tenant("other", roles=[Role.ORG_ADMIN])
    person = tenant.user(Role.GUEST)
    add_member(actor=None, tenant_id=other.tenant_id, user=person, role=Role.GUEST)
    other.users[Role.GUEST] = person
    here, there = make_document(tenant), make_document(other)
    grant(tenant, here, person, Access.VIEW)
    grant(other, there, person, Access.VIEW)
    for place, document in ((tenant, here), (other, there)):
        with tenant_scope(place.tenant_id):
            assert visible_documents(place.actor(Role.GUEST)) == {document.id}


def test_deleting_team_or_document_removes_its_grants(tenant: TenantFixture) -> None:
    """No grant is left for an id that may come again."""
    team, document, batch = make_team(tenant, "Outside"), make_document(tenant), make_batch(tenant)
    grant(tenant, batch, team, Access.VIEW)
    grant(tenant, document, tenant.user(Role.GUEST), Access.VIEW)
    with tenant_scope(tenant.tenant_id):
        Team.objects.filter(pk=team.pk).delete()
        Document.objects.filter(pk=document.pk).delete()
        assert not BatchTeamGrant.objects.exists()
        assert not DocumentUserGrant.objects.exists()
        assert not QueueUserGrant.objects.exists()
