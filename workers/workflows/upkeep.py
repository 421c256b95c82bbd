"""Maintenance workflow `upkeep`, started by a schedule."""

from temporalio import workflow

from workers import policies

with workflow.unsafe.imports_passed_through():
    from workers.activities.upkeep import UpkeepActivities


@workflow.defn(name="upkeep")
class UpkeepWorkflow:
    """Seal the logs, and delete old request counters and expired regions."""

    @workflow.run
    async def run(self) -> int:
        """Run the workflow and return the number of tenants whose log was checked."""
        looked = await workflow.execute_activity_method(UpkeepActivities.seal_logs, **policies.ASSESS)
        await workflow.execute_activity_method(UpkeepActivities.forget_counters, **policies.ASSESS)
        await workflow.execute_activity_method(UpkeepActivities.forget_regions, **policies.ASSESS)
        return looked
