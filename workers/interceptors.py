"""Interceptor of every activity: a fresh database connection per call, heartbeats, and typed failures without text.

Exceptions of databases and parsers quote the data that they fail on, so their messages are never sent to Temporal.
Errors caused by a file have a code and a sentence written for the uploader; only these are sent.

An activity that dies with its worker is retried within seconds, as its policy says. One that fails because a database
or a storage is down is delayed longer with each attempt, which only an activity that is still alive can ask for.
"""

import asyncio
import inspect
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from traceback import extract_tb
from typing import Any, Final

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError, close_old_connections
from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from ingestion.domain.errors import ReadingError, ScannerUnavailable
from ingestion.domain.lifecycle import InvalidDocumentTransition
from ingestion.domain.ports import RenditionPending
from ingestion.services.progress import StaleAttempt
from quality.domain.training import TooFewExamples
from refinery.core.web.file_store import STORE_CLIENT_PACKAGES
from workers.activities.heartbeat import heartbeats
from workers.messages import INFRASTRUCTURE, POISON, STALE, TOO_FEW_EXAMPLES, UNEXPECTED
from workers.policies import MAX_RETRY_INTERVAL

log = structlog.get_logger(__name__)

POISON_AFTER_ATTEMPTS: Final = 3
RESOURCE_LIMIT_ATTEMPTS: Final = 2
PENDING_RETRY_DELAY: Final = timedelta(seconds=10)
STALE_ERRORS: Final = (StaleAttempt, ObjectDoesNotExist, InvalidDocumentTransition)
TRANSIENT_ERRORS: Final = (OperationalError, InterfaceError, ScannerUnavailable, OSError, TimeoutError)


class ActivityErrorInterceptor(Interceptor):
    """Interceptor that wraps each activity of a worker."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Wrap the next interceptor in the chain."""
        return _ActivityErrorInbound(next)


class _ActivityErrorInbound(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's names
        if not inspect.iscoroutinefunction(input.fn):
            input.fn = _with_fresh_connection(_with_heartbeats(input.fn))
        try:
            return await self.next.execute_activity(input)
        except (ApplicationError, CancelledError, asyncio.CancelledError):
            raise
        except Exception as reason:  # noqa: BLE001 - every failure is converted to a typed one without its text
            raise to_application_error(reason, activity.info().attempt) from None


def _with_fresh_connection(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def run_with_fresh_connection(*args: Any) -> Any:  # noqa: ANN401 - arguments and result of any activity
        close_old_connections()
        try:
            return run(*args)
        finally:
            close_old_connections()

    return run_with_fresh_connection


def _with_heartbeats(run: Callable[..., Any]) -> Callable[..., Any]:
    """Send heartbeats for as long as the activity runs, if its options have a heartbeat timeout."""
    if activity.info().heartbeat_timeout is None:
        return run

    @wraps(run)
    def run_with_heartbeats(*args: Any) -> Any:  # noqa: ANN401 - arguments and result of any activity
        with heartbeats():
            return run(*args)

    return run_with_heartbeats


def retry_delay(attempt: int) -> timedelta:
    """Return the delay after this failed attempt: a second, doubled with each attempt, at most five minutes."""
    return min(timedelta(seconds=2 ** min(attempt - 1, 10)), MAX_RETRY_INTERVAL)


def to_application_error(reason: Exception, attempt: int) -> ApplicationError:
    """Return the failure for the workflow: the code as its type, and whether a retry makes sense."""
    if isinstance(reason, ReadingError):
        again = reason.retryable and attempt < RESOURCE_LIMIT_ATTEMPTS
        return ApplicationError(str(reason), type=reason.code, non_retryable=not again)
    name = type(reason).__name__
    if isinstance(reason, STALE_ERRORS):
        return ApplicationError(name, type=STALE, non_retryable=True)
    if isinstance(reason, TooFewExamples):
        return ApplicationError(str(reason), type=TOO_FEW_EXAMPLES, non_retryable=True)
    if isinstance(reason, RenditionPending):
        return ApplicationError(name, type=INFRASTRUCTURE, next_retry_delay=PENDING_RETRY_DELAY)
    _report(reason, name, attempt)
    if isinstance(reason, TRANSIENT_ERRORS) or type(reason).__module__.partition(".")[0] in STORE_CLIENT_PACKAGES:
        return ApplicationError(name, type=INFRASTRUCTURE, next_retry_delay=retry_delay(attempt))
    poison = attempt >= POISON_AFTER_ATTEMPTS
    return ApplicationError(name, type=POISON if poison else UNEXPECTED, non_retryable=poison)


def _report(reason: Exception, name: str, attempt: int) -> None:
    """Log the location by file and line only, as messages and values may quote a document."""
    frames = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(reason.__traceback__)[-6:]]
    log.warning("activity_failed", activity=activity.info().activity_type, attempt=attempt, reason=name, at=frames)
