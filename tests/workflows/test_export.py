"""An export on the real engine: made, or ended with a word; nobody waits for one that cannot come."""

import pytest

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.domain.exporting import ExportFacts
from review.models import Artefact
from review.services.exports import request_export
from tests.factories.documents import make_document
from tests.workflows.papers import open_office
from tests.workflows.plant import Plant
from workers import queues
from workers.activities.make_export import ExportActivities


class Maker:
    """An ArtefactMaker that writes the file's name, and breaks over one that is called broken."""

    def make(self, facts: ExportFacts) -> bytes:
        """Give the name's bytes."""
        if facts.filename == "broken":
            raise KeyError(facts.filename)
        return facts.filename.encode()


@pytest.mark.parametrize(("filename", "status"), [("sound", "done"), ("broken", "failed")])
def test_an_export_comes_to_an_end(idle_plant: Plant, filename: str, status: str) -> None:
    """A maker that breaks is tried three times; the artefact then says that it failed, and quotes nothing."""
    exports = ExportActivities({"pdf": Maker()})
    idle_plant.work(queues.IO)
    idle_plant.work(queues.CPU, exports.make, exports.give_up)
    idle_plant.relay()
    office = open_office()
    document = make_document(office.house, filename=filename)
    with tenant_scope(office.tenant_id):
        artefact = request_export(actor=office.house.actor(Role.OPERATOR), document_id=document.id, form="pdf")
    assert idle_plant.result(f"export/{artefact.id}") == status
    with tenant_scope(office.tenant_id):
        ended = Artefact.objects.get(pk=artefact.id)
    assert (ended.status, ended.detail) == (status, "")
