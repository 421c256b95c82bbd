"""Daphne's access log as lines of ours: its own are no JSON, and hold tickets, searches and who asked."""

from typing import Any

import structlog
from daphne.access import AccessLogGenerator  # type: ignore[import-untyped]  # daphne has no types

log = structlog.get_logger(__name__)


def write_visit(self: AccessLogGenerator, *, request: str, **known: Any) -> None:  # noqa: ANN401 - daphne's values
    """Tell what was asked for, without its query, and what became of it; a socket has neither status nor size."""
    log.info("visit", request=request.partition("?")[0], status=known.get("status"), size=known.get("length"))


def reword_daphne() -> None:
    """Let Daphne's access log say this from here on."""
    AccessLogGenerator.write_entry = write_visit
