"""Workflow of a decided document that is reviewed again (reopened, audited): `review/<task id>`."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

from workers.workflows.failures import StepFailed, failure_of
from workers.workflows.human_wait import SignalCounter, wait_for_people

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.review_steps import HumanTaskActivities
    from workers.messages import STALE, DocumentInput, HumanWaitState


@workflow.defn(name="review")
class ReviewWorkflow:
    """Wait on a task that was opened after the end of the document's own workflow."""

    def __init__(self) -> None:
        """Start without signals."""
        self._signals = SignalCounter()

    @workflow.run
    async def run(self, document_input: DocumentInput) -> str:
        """Run the workflow and return the document's status after the decision."""
        try:
            state = await self._wait_and_finalize(document_input)
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                return "SUPERSEDED"
            raise
        return state.status

    async def _wait_and_finalize(self, document_input: DocumentInput) -> HumanWaitState:
        """Wait for a decision and announce it; wait again if it was undone in the last moment."""
        while True:
            state = await wait_for_people(document_input, self._signals, lambda state: state.done)
            announced = await workflow.execute_activity_method(
                HumanTaskActivities.finalize_correction, document_input, **policies.ASSESS
            )
            if announced is not False:
                return state

    @workflow.signal(dynamic=True)
    def wake(self, name: str, args: Sequence[RawValue]) -> None:
        """Handle any signal: check the state again."""
        self._signals.increment()
