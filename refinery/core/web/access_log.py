"""Replacement of Daphne's access log, which is not JSON and contains tickets, search terms and client addresses."""

from typing import Any

import structlog
from daphne.access import AccessLogGenerator  # type: ignore[import-untyped]  # daphne has no types

log = structlog.get_logger(__name__)


def log_request(self: AccessLogGenerator, *, request: str, **known: Any) -> None:
    """Log a request without its query, and the outcome; a WebSocket has neither status nor size."""
    log.info("http_request", request=request.partition("?")[0], status=known.get("status"), size=known.get("length"))


def install_access_log() -> None:
    """Replace Daphne's access log by this one."""
    AccessLogGenerator.write_entry = log_request
