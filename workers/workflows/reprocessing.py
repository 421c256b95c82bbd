"""A document read again by other means, for someone to compare: workflow `rereading/<rereading id>`."""

from contextlib import suppress

from temporalio import workflow

from workers import policies
from workers.workflows.failures import StepFailed, failure_of

with workflow.unsafe.imports_passed_through():
    from workers.activities.reprocess_document import CandidateActivities, CandidateRecords
    from workers.activities.third_engine_lines import LineActivities
    from workers.messages import EVERY, POISON, CandidateFailure, CandidateOrder


@workflow.defn(name="reading_candidate")
class CandidateWorkflow:
    """Read, weigh, and leave the choice to people; the document itself is not touched."""

    @workflow.run
    async def run(self, order: CandidateOrder) -> str:
        """Give the candidate's status."""
        try:
            await workflow.execute_activity_method(
                CandidateActivities.read_candidate, order, **policies.READ_PAGES
            )
            await self._third(order)
            return await workflow.execute_activity_method(
                CandidateRecords.weigh_candidate, order, **policies.ASSESS
            )
        except StepFailed as error:
            failure = CandidateFailure(order, failure_of(error)[0] or POISON)
            return await workflow.execute_activity_method(
                CandidateRecords.give_up_candidate, failure, **policies.ASSESS
            )

    async def _third(self, order: CandidateOrder) -> None:
        """Have a third engine read all lines where it was asked for; what it adds to others can be missed."""
        if order.third == EVERY:
            await workflow.execute_activity_method(LineActivities.look_at_candidate, order, **policies.LOOK_AT_ALL)
        elif order.third:
            with suppress(*StepFailed):
                await workflow.execute_activity_method(
                    LineActivities.look_at_candidate, order, **policies.LOOK_AGAIN
                )
