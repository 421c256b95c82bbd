"""Workflow of one training run: `train/<tenant>/<run id>`."""

from temporalio import workflow

from workers.workflows.failures import StepFailed, failure_of

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.train_model import TrainingActivities, TrainingRecords
    from workers.messages import TrainingFailure, TrainingInput


@workflow.defn(name="training")
class TrainingWorkflow:
    """Train, evaluate against the champion and offer the candidate; a failed run records the reason."""

    @workflow.run
    async def run(self, training_input: TrainingInput) -> str:
        """Run the workflow and return the run's final status."""
        try:
            trained = await workflow.execute_activity_method(TrainingActivities.train, training_input, **policies.GPU)
        except StepFailed as error:
            failure = TrainingFailure(training_input, *failure_of(error))
            return await workflow.execute_activity_method(TrainingRecords.give_up, failure, **policies.EXTERNAL_API)
        return trained.status
