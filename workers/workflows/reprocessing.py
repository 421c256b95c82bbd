"""Workflow of one reprocessing run of a document, for comparison by people: `reprocessing/<run id>`."""

from contextlib import suppress

from temporalio import workflow

from workers import policies
from workers.workflows.failures import StepFailed, failure_of

with workflow.unsafe.imports_passed_through():
    from workers.activities.reprocess_document import ReprocessingActivities, ReprocessingRecords
    from workers.activities.third_engine_lines import ThirdEngineActivities
    from workers.messages import EVERY_LINE, POISON, ReprocessingFailure, ReprocessingInput


@workflow.defn(name="reprocessing")
class ReprocessingWorkflow:
    """Read, compare, and leave the choice to people; the document itself is not changed."""

    @workflow.run
    async def run(self, reprocessing_input: ReprocessingInput) -> str:
        """Run the workflow and return the reprocessing run's status."""
        try:
            await workflow.execute_activity_method(
                ReprocessingActivities.reprocess_pages, reprocessing_input, **policies.READ_PAGES
            )
            await self._run_third_engine(reprocessing_input)
            return await workflow.execute_activity_method(
                ReprocessingRecords.complete_reprocessing, reprocessing_input, **policies.ASSESS
            )
        except StepFailed as error:
            failure = ReprocessingFailure(reprocessing_input, failure_of(error)[0] or POISON)
            return await workflow.execute_activity_method(
                ReprocessingRecords.give_up_reprocessing, failure, **policies.ASSESS
            )

    async def _run_third_engine(self, reprocessing_input: ReprocessingInput) -> None:
        """Run the third engine if requested; it may fail if it only supplements other engines."""
        if reprocessing_input.third_engine == EVERY_LINE:
            await workflow.execute_activity_method(
                ThirdEngineActivities.read_reprocessing_lines, reprocessing_input, **policies.THIRD_ENGINE_EVERY_LINE
            )
        elif reprocessing_input.third_engine:
            with suppress(*StepFailed):
                await workflow.execute_activity_method(
                    ThirdEngineActivities.read_reprocessing_lines,
                    reprocessing_input,
                    **policies.THIRD_ENGINE_DOUBTED_LINES,
                )
