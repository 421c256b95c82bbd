"""Anchors of the newest seals outside of the database: a truncated log is detected without anybody's notes."""

import json
from io import StringIO
from typing import Any

import pytest
import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from pytest_django import Settings
from temporalio.testing import ActivityEnvironment

from refinery.core.audit.anchors import stored_anchors
from refinery.core.audit.models import AuditSeal
from refinery.core.audit.sealing import last_seal
from refinery.core.audit.services import AuditActor, record_event
from refinery.core.database.scope import tenant_scope
from tests.support.factories.tenants import TenantFixture, make_tenant
from workers.activities.upkeep import UpkeepActivities


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant with unsealed events, and a store that contains something."""
    default_storage.save("tenants/some-file", ContentFile(b"there"))
    return make_tenant()


def seal(tenant: TenantFixture) -> AuditSeal:
    """Write one more event, run the upkeep, and return the newest seal."""
    with tenant_scope(tenant.tenant_id):
        record_event(AuditActor(tenant.tenant_id, None, "system"), "test.done", "thing")
    ActivityEnvironment().run(UpkeepActivities().seal_logs)
    with tenant_scope(tenant.tenant_id):
        head = last_seal(tenant.tenant_id)
    assert head is not None
    return head


def verify() -> str:
    """Run the command and return its output."""
    said = StringIO()
    call_command("verify_audit", stdout=said)
    return said.getvalue()


def test_newest_seal_is_anchored_in_store_and_log(tenant: TenantFixture) -> None:
    """One file a day, replaced by the day's later seals; one log line for each seal."""
    with structlog.testing.capture_logs() as lines:
        heads = [seal(tenant), seal(tenant)]
    assert [line["digest"] for line in lines if line["event"] == "audit_anchor"] == [head.digest() for head in heads]
    assert stored_anchors(tenant.tenant_id)[-1] == heads[1].digest()
    assert "good" in verify()


def test_verify_detects_truncated_log_by_stored_anchor(tenant: TenantFixture) -> None:
    """The seal that the anchor names is not in the chain."""
    head = seal(tenant)
    name = f"audit-anchors/{tenant.tenant_id}/{head.sealed_at:%Y-%m-%d}.json"
    with default_storage.open(name) as file:
        anchored: dict[str, Any] = json.load(file)
    assert (anchored["seal"], anchored["digest"]) == (head.number, head.digest())
    default_storage.save(f"audit-anchors/{tenant.tenant_id}/2001-01-01.json", ContentFile(b'{"digest": "removed"}'))
    with pytest.raises(CommandError, match="was altered"):
        verify()


def test_anchor_that_failed_is_tried_again(tenant: TenantFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seals are kept, also of other tenants, and the next run has nothing to seal but stores the anchors."""

    def refuse(name: str, content: object) -> str:
        raise OSError(name)

    with monkeypatch.context() as broken, structlog.testing.capture_logs() as lines:
        broken.setattr(default_storage, "save", refuse)
        seal(tenant)
    assert [line["tenant"] for line in lines if line["event"] == "audit_anchor_failed"] == [str(tenant.tenant_id)]
    assert stored_anchors(tenant.tenant_id) == []
    ActivityEnvironment().run(UpkeepActivities().seal_logs)
    with tenant_scope(tenant.tenant_id):
        head = last_seal(tenant.tenant_id)
    assert head is not None
    assert stored_anchors(tenant.tenant_id) == [head.digest()]


def test_anchors_follow_setting_and_never_fill_empty_store(tenant: TenantFixture, settings: Settings) -> None:
    """An empty store may be a folder that is not mounted: a file in it would make it look complete."""
    settings.AUDIT_ANCHORS = frozenset({"log"})
    with structlog.testing.capture_logs() as lines:
        head = seal(tenant)
    assert [line["digest"] for line in lines if line["event"] == "audit_anchor"] == [head.digest()]
    assert stored_anchors(tenant.tenant_id) == []
    settings.AUDIT_ANCHORS = frozenset({"store"})
    default_storage.delete("tenants/some-file")
    default_storage.delete("tenants")
    seal(tenant)
    assert stored_anchors(tenant.tenant_id) == []
