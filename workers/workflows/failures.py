"""Failures of steps as a workflow sees them: those of local activities are bare, others are wrapped."""

from typing import Final

from temporalio.exceptions import ActivityError, ApplicationError

StepError = ActivityError | ApplicationError
StepFailed: Final = (ActivityError, ApplicationError)


def failure_of(error: StepError) -> tuple[str, str]:
    """Return the typed code and its detail; the code is empty if no interceptor set one."""
    cause = error.cause if isinstance(error, ActivityError) else error
    if isinstance(cause, ApplicationError):
        return cause.type or "", cause.message
    return "", type(cause).__name__
