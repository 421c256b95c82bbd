"""One part of a page, read again while someone waits: workflow `region/<region id>`."""

from temporalio import workflow

from workers import policies
from workers.workflows.failures import StepFailed, failure_of

with workflow.unsafe.imports_passed_through():
    from workers.activities.read_region import RegionActivities, RegionRecords
    from workers.messages import RegionFailure, RegionOrder


@workflow.defn(name="region")
class RegionWorkflow:
    """Read it at once, or say that it did not come to anything."""

    @workflow.run
    async def run(self, order: RegionOrder) -> str:
        """Give how it ended."""
        try:
            return await workflow.execute_activity_method(
                RegionActivities.read_region, order, **policies.READ_REGION
            )
        except StepFailed as error:
            failure = RegionFailure(order, failure_of(error)[0] or "too_late")
            return await workflow.execute_local_activity_method(RegionRecords.give_up, failure, **policies.FAST_DB)
