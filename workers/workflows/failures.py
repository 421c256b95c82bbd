"""Why an activity failed, as the workflow sees it."""

from temporalio.exceptions import ActivityError, ApplicationError


def failure_of(error: ActivityError) -> tuple[str, str]:
    """Give the typed code and its detail; an empty code for what no interceptor has named."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return cause.type or "", cause.message
    return "", type(cause).__name__
