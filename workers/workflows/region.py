"""Workflow of one region of a page, read again while a caller waits: `region/<region id>`."""

from temporalio import workflow

from workers import policies
from workers.workflows.failures import StepFailed, failure_of

with workflow.unsafe.imports_passed_through():
    from workers.activities.read_region import RegionActivities, RegionRecords
    from workers.messages import RegionFailure, RegionInput


@workflow.defn(name="region")
class RegionWorkflow:
    """Read the region at once, or record the failure."""

    @workflow.run
    async def run(self, region_input: RegionInput) -> str:
        """Run the workflow and return its outcome."""
        try:
            return await workflow.execute_activity_method(
                RegionActivities.read_region, region_input, **policies.READ_REGION
            )
        except StepFailed as error:
            failure = RegionFailure(region_input, failure_of(error)[0] or "too_late")
            return await workflow.execute_local_activity_method(RegionRecords.give_up, failure, **policies.FAST_DB)
