"""One training run: workflow `train/<tenant>/<run id>`."""

from temporalio import workflow

from workers.workflows.failures import StepFailed, failure_of

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.train_model import TrainingActivities, TrainingRecords
    from workers.messages import TrainingFailure, TrainingOrder


@workflow.defn(name="training")
class TrainingWorkflow:
    """Train, evaluate beside the champion, offer the candidate; a run that cannot end well says why."""

    @workflow.run
    async def run(self, order: TrainingOrder) -> str:
        """Give the run's last status."""
        try:
            trained = await workflow.execute_activity_method(TrainingActivities.train, order, **policies.GPU)
        except StepFailed as error:
            failure = TrainingFailure(order, *failure_of(error))
            return await workflow.execute_activity_method(
                TrainingRecords.give_up, failure, **policies.EXTERNAL_API
            )
        return trained.status
