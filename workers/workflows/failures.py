"""Why a step failed, as the workflow sees it: local steps fail bare, others wrapped."""

from typing import Final

from temporalio.exceptions import ActivityError, ApplicationError

StepError = ActivityError | ApplicationError
StepFailed: Final = (ActivityError, ApplicationError)


def failure_of(error: StepError) -> tuple[str, str]:
    """Give the typed code and its detail; an empty code for what no interceptor has named."""
    cause = error.cause if isinstance(error, ActivityError) else error
    if isinstance(cause, ApplicationError):
        return cause.type or "", cause.message
    return "", type(cause).__name__
