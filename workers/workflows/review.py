"""A decided document that people look at once more (reopened, audited): workflow `review/<task id>`."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

from workers.workflows.failures import StepFailed, failure_of
from workers.workflows.human_wait import Doorbell, wait_until

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.review_steps import DeskActivities
    from workers.messages import STALE, DocumentOrder


@workflow.defn(name="review")
class ReviewWorkflow:
    """Watch over a task that was opened after its document's own workflow had ended."""

    def __init__(self) -> None:
        """Begin without news."""
        self._bell = Doorbell()

    @workflow.run
    async def run(self, order: DocumentOrder) -> str:
        """Give the document's status after the decision."""
        try:
            desk = await wait_until(order, self._bell, lambda desk: desk.done)
            await workflow.execute_activity_method(DeskActivities.settle_again, order, **policies.ASSESS)
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                return "SUPERSEDED"
            raise
        return desk.status

    @workflow.signal(dynamic=True)
    def news(self, name: str, args: Sequence[RawValue]) -> None:
        """Whatever it is, it is a reason to look again."""
        self._bell.ring()
