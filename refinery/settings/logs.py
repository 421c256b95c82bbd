"""Structured logs: one JSON object per line, ids only, never a document's text, a name or a token."""

import logging
from typing import Any

import structlog
from structlog.typing import Processor


def logging_settings(level: str) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING: everything goes to standard error as JSON lines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
    ]
    # A line shows no source position, thread or process, so they are not looked up (as Python's documentation says).
    setattr(logging, "_srcfile", None)  # noqa: B010 - not in the annotations
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"propagate": True},
            "temporalio": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "channels_postgres": {"level": "ERROR"},  # it warns whenever a group has no listeners
        },
    }
