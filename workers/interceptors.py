"""Around every activity: a fresh database connection in its own thread, and typed failures without any text.

The exceptions of databases and parsers quote what they choke on, so none of their messages reaches the engine;
what a file does wrong has a code and a sentence written for the uploader, and that is what travels.
"""

import asyncio
import inspect
from collections.abc import Callable
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
from ingestion.domain.lifecycle import InvalidMove
from ingestion.services.progress import StaleAttempt
from quality.domain.training import TooFewExamples
from workers.messages import INFRASTRUCTURE, POISON, STALE, TOO_FEW, UNEXPECTED

log = structlog.get_logger(__name__)

POISON_AFTER: Final = 3
LIMIT_AFTER: Final = 2
LOST_AFTER: Final = 12
"""Attempts after which a document counts as poison even if no attempt lived to say why."""
GONE: Final = (StaleAttempt, ObjectDoesNotExist, InvalidMove)
CLIENTS: Final = ("botocore", "boto3", "s3transfer", "urllib3")
"""Libraries whose every exception means that a store did not answer; they are not imported for it."""
PASSING: Final = (OperationalError, InterfaceError, ScannerUnavailable, OSError, TimeoutError)


class ActivityFrame(Interceptor):
    """Put the frame around each activity of a worker."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Wrap the next in line."""
        return _Framed(next)


class _Framed(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's names
        if not inspect.iscoroutinefunction(input.fn):
            input.fn = _with_fresh_connection(input.fn)
        try:
            return await self.next.execute_activity(input)
        except (ApplicationError, CancelledError, asyncio.CancelledError):
            raise
        except Exception as reason:  # noqa: BLE001 - every failure leaves here typed, and none with its own text
            raise named(reason, activity.info().attempt) from None


def _with_fresh_connection(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def framed(*args: Any) -> Any:  # noqa: ANN401 - whatever the activity takes and gives
        close_old_connections()
        try:
            return run(*args)
        finally:
            close_old_connections()

    return framed


def named(reason: Exception, attempt: int) -> ApplicationError:
    """Give the failure that the workflow sees: its code as type, and whether another attempt makes sense."""
    if isinstance(reason, ReadingError):
        again = reason.retryable and attempt < LIMIT_AFTER
        return ApplicationError(str(reason), type=reason.code, non_retryable=not again)
    name = type(reason).__name__
    if isinstance(reason, GONE):
        return ApplicationError(name, type=STALE, non_retryable=True)
    if isinstance(reason, TooFewExamples):
        return ApplicationError(str(reason), type=TOO_FEW, non_retryable=True)
    _report(reason, name, attempt)
    if isinstance(reason, PASSING) or type(reason).__module__.partition(".")[0] in CLIENTS:
        return ApplicationError(name, type=INFRASTRUCTURE)
    poison = attempt >= POISON_AFTER
    return ApplicationError(name, type=POISON if poison else UNEXPECTED, non_retryable=poison)


def _report(reason: Exception, name: str, attempt: int) -> None:
    """Log where it happened, by file and line: messages and values may quote a document."""
    frames = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(reason.__traceback__)[-6:]]
    log.warning("activity_failed", activity=activity.info().activity_type, attempt=attempt, reason=name, at=frames)
