"""Maintenance workflow `prune`, started by a schedule: nothing grows without bound."""

from temporalio import workflow

from workers import policies

with workflow.unsafe.imports_passed_through():
    from workers.activities.upkeep import UpkeepActivities


@workflow.defn(name="prune")
class PruneWorkflow:
    """Delete rows that are no longer needed, in bounded batches."""

    @workflow.run
    async def run(self) -> int:
        """Run the workflow and return the number of deleted rows."""
        return await workflow.execute_activity_method(UpkeepActivities.prune_rows, **policies.ASSESS)
