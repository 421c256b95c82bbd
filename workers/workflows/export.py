"""Workflow of one export: `export/<artefact id>`."""

from temporalio import workflow

from workers import policies
from workers.workflows.failures import StepFailed, failure_of

with workflow.unsafe.imports_passed_through():
    from workers.activities.make_export import ExportActivities
    from workers.messages import ExportFailure, ExportInput


@workflow.defn(name="export")
class ExportWorkflow:
    """Make the file; the outcome is stored in its row."""

    @workflow.run
    async def run(self, export_input: ExportInput) -> str:
        """Run the workflow and return the artefact's status."""
        try:
            return await workflow.execute_activity_method(ExportActivities.make, export_input, **policies.EXPORT)
        except StepFailed as error:
            failure = ExportFailure(export_input, *failure_of(error))
            return await workflow.execute_activity_method(ExportActivities.give_up, failure, **policies.EXPORT)
