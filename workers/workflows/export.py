"""One export: workflow `export/<artefact id>`."""

from temporalio import workflow

from workers import policies
from workers.workflows.failures import StepFailed, failure_of

with workflow.unsafe.imports_passed_through():
    from workers.activities.make_export import ExportActivities
    from workers.messages import ExportFailure, ExportOrder


@workflow.defn(name="export")
class ExportWorkflow:
    """Make the file; its row says how it ended."""

    @workflow.run
    async def run(self, order: ExportOrder) -> str:
        """Give the artefact's status."""
        try:
            return await workflow.execute_activity_method(ExportActivities.make, order, **policies.EXPORT)
        except StepFailed as error:
            failure = ExportFailure(order, *failure_of(error))
            return await workflow.execute_activity_method(ExportActivities.give_up, failure, **policies.EXPORT)
