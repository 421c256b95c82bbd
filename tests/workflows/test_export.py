"""Exports on Temporal: succeeded, or failed with a reason, so that no client waits for one without end."""

import pytest

from ingestion.domain.exporting import ExportFacts
from ingestion.models import Artefact
from ingestion.services.exports import request_export
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import make_document
from tests.support.ingest_harness import make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness
from workers import queues
from workers.activities.make_export import ExportActivities


class FakeArtefactMaker:
    """ArtefactMaker that writes the file name, and raises for a file called broken."""

    def make(self, facts: ExportFacts) -> bytes:
        """Return the name's bytes."""
        if facts.filename == "broken":
            raise KeyError(facts.filename)
        return facts.filename.encode()


@pytest.mark.parametrize(("filename", "status"), [("sound", "done"), ("broken", "failed")])
def test_export_succeeds_or_fails_after_retries(idle_harness: TemporalHarness, filename: str, status: str) -> None:
    """A failing maker is tried three times; the artefact is then failed, without error details."""
    exports = ExportActivities({"pdf": FakeArtefactMaker()})
    idle_harness.add_worker(queues.IO)
    idle_harness.add_worker(queues.CPU, exports.make, exports.give_up)
    idle_harness.add_relay()
    ingest = make_ingest_harness()
    document = make_document(ingest.tenant, filename=filename)
    with tenant_scope(ingest.tenant_id):
        artefact = request_export(actor=ingest.tenant.actor(Role.OPERATOR), document_id=document.id, form="pdf")
    assert idle_harness.result(f"export/{artefact.id}") == status
    with tenant_scope(ingest.tenant_id):
        ended = Artefact.objects.get(pk=artefact.id)
    assert (ended.status, ended.detail) == (status, "")
