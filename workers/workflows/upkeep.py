"""Upkeep: workflow `upkeep`, started by a schedule."""

from temporalio import workflow

from workers import policies

with workflow.unsafe.imports_passed_through():
    from workers.activities.upkeep import UpkeepActivities


@workflow.defn(name="upkeep")
class UpkeepWorkflow:
    """Seal the logs, forget old counters and what was read for a moment."""

    @workflow.run
    async def run(self) -> int:
        """Give the number of tenants whose log was looked at."""
        looked = await workflow.execute_activity_method(UpkeepActivities.seal_logs, **policies.ASSESS)
        await workflow.execute_activity_method(UpkeepActivities.forget_counters, **policies.ASSESS)
        await workflow.execute_activity_method(UpkeepActivities.forget_regions, **policies.ASSESS)
        return looked
