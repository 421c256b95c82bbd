"""Compiled queries: the rows of their QuerySet, for other values, actors and tenants too."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from pytest_django import DjangoAssertNumQueries

from ingestion.models import Document, Field
from refinery.core.database.ids import new_id
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query, is_any_of
from refinery.core.tenancy.roles import Permission, Role
from review.models import Comment, ReviewTask
from tests.support.factories.documents import make_document, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db


def fields(actor: Actor, document_id: UUID) -> "QuerySet[Field]":
    """Return whole rows with values in JSON."""
    return Field.objects.visible_to(actor).filter(document_id=document_id).order_by("position")


def task_rows(actor: Actor, task_id: UUID) -> "QuerySet[ReviewTask]":
    """Return some columns, related rows and an annotation."""
    comments = Comment.objects.visible_to(actor).filter(document_id=OuterRef("document_id"))
    rows = ReviewTask.objects.visible_to(actor).select_related("document", "queue").filter(pk=task_id)
    return rows.only("state", "reasons", "document__filename", "queue__name").annotate(has_comments=Exists(comments))


def names(actor: Actor, ids: Collection[UUID]) -> "QuerySet[Document, str]":
    """Return one column of the documents in a list."""
    rows = Document.objects.visible_to(actor).filter(is_any_of("id", ids)).order_by("filename")
    return rows.values_list("filename", flat=True)


def pairs(actor: Actor, text: str) -> "QuerySet[Document, tuple[UUID, str]]":
    """Return two columns, and compare a text."""
    return Document.objects.visible_to(actor).filter(filename__startswith=text).values_list("id", "status")


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


def state_of(row: Any) -> dict[str, Any]:  # noqa: ANN401 - instances of any model
    """Return the values of an instance that are loaded."""
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_instances_equal_those_of_the_query(tenant: TenantFixture) -> None:
    actor, document = tenant.actor(Role.REVIEWER), make_document(tenant)
    with tenant_scope(tenant.tenant_id):
        found, expected = compiled_query(fields)(actor, document.id), list(fields(actor, document.id))
    assert [state_of(row) for row in found] == [state_of(row) for row in expected]
    assert len(found) == 3
    assert not any(row._state.adding for row in found)


def test_related_rows_annotations_and_deferred_columns_equal_those_of_the_query(
    tenant: TenantFixture, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actor, task = tenant.actor(Role.REVIEWER), make_task(tenant)
    with tenant_scope(tenant.tenant_id):
        (found,), expected = compiled_query(task_rows)(actor, task.id), task_rows(actor, task.id).get()
        with django_assert_num_queries(0):
            shown = (found.document.filename, found.queue.name, found.reasons, vars(found)["has_comments"])
            assert shown == (expected.document.filename, expected.queue.name, expected.reasons, False)
        assert found.get_deferred_fields() == expected.get_deferred_fields()
        assert found.document.get_deferred_fields() == expected.document.get_deferred_fields()


def test_lists_texts_and_single_columns_are_parameters(tenant: TenantFixture) -> None:
    actor = tenant.actor(Role.REVIEWER)
    first, second, _ = (make_document(tenant, filename=f"{name}.pdf") for name in ("a", "b", "c%_"))
    listed, begins = compiled_query(names), compiled_query(pairs)
    with tenant_scope(tenant.tenant_id):
        assert listed(actor, [second.id, first.id]) == ["a.pdf", "b.pdf"]
        assert listed(actor, {first.id}) == ["a.pdf"]
        assert listed(actor, []) == []
        assert begins(actor, "b") == [(second.id, "IN_REVIEW")]
        assert begins.first(actor, "nothing") is None


def test_query_is_built_once_for_each_role(tenant: TenantFixture) -> None:
    """A QuerySet may depend on the actor's permissions, never on values."""
    built: list[Role] = []

    @compiled_query
    def own_or_all(actor: Actor, filename: str) -> "QuerySet[Document, str]":
        built.append(actor.role)
        rows = Document.objects.visible_to(actor).filter(filename=filename)
        rows = rows if actor.can(Permission.REVIEW_ASSIGN) else rows.none()
        return rows.values_list("filename", flat=True)

    make_document(tenant, filename="a.pdf")
    with tenant_scope(tenant.tenant_id):
        for _ in range(2):
            assert own_or_all(tenant.actor(Role.MANAGER), "a.pdf") == ["a.pdf"]
            assert own_or_all(tenant.actor(Role.MANAGER), "b.pdf") == []
            assert own_or_all(tenant.actor(Role.REVIEWER), "a.pdf") == []
    assert built == [Role.MANAGER, Role.REVIEWER]


def test_statement_of_one_tenant_returns_the_rows_of_another_only_to_its_members(tenant: TenantFixture) -> None:
    other, statement = make_tenant("other"), compiled_query(names)
    document, foreign = make_document(tenant, filename="own.pdf"), make_document(other, filename="foreign.pdf")
    for owner, expected in ((tenant, "own.pdf"), (other, "foreign.pdf")):
        with tenant_scope(owner.tenant_id):
            assert statement(owner.actor(Role.REVIEWER), [document.id, foreign.id]) == [expected]


def test_plan_of_a_compiled_query_is_kept(tenant: TenantFixture) -> None:
    actor, statement = tenant.actor(Role.REVIEWER), compiled_query(pairs)
    with tenant_scope(tenant.tenant_id), connection.cursor() as cursor:
        for text in ("x", "y", "z"):
            statement(actor, text)
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM \"document\"%LIKE%'")
        assert cursor.fetchone() == (1,)


def test_unsupported_calls_raise_type_error(tenant: TenantFixture) -> None:
    actor = tenant.actor(Role.REVIEWER)
    with pytest.raises(TypeError, match="by position"):
        compiled_query(fields)(actor=actor, document_id=new_id())
    with pytest.raises(TypeError, match="tuples, single values or instances"):
        compiled_query(lambda actor: Document.objects.visible_to(actor).values("id"))(actor)
