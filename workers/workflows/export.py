"""One export: workflow `export/<artefact id>`."""

from temporalio import workflow

from workers import policies

with workflow.unsafe.imports_passed_through():
    from workers.activities.exports import ExportActivities
    from workers.messages import ExportOrder


@workflow.defn(name="export")
class ExportWorkflow:
    """Make the file; its row says how it ended."""

    @workflow.run
    async def run(self, order: ExportOrder) -> str:
        """Give the artefact's status."""
        return await workflow.execute_activity_method(ExportActivities.make, order, **policies.EXPORT)
