"""Ask each part that the web process leans on whether it answers, within a deadline that no part can stretch."""

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from temporalio.service import ConnectConfig, ServiceClient

from refinery.core.pollers import fact_of, heard
from refinery.settings.env import env

DEADLINE_SECONDS: Final = 2.0
LEAST_FREE: Final = 0.05
PROBE_NAME: Final = "readyz"
UNKNOWN: Final = "unknown"
NOBODY: Final = "no worker"


class NotReady(Exception):
    """A part answers, but cannot do its work; the text is for operators."""


@dataclass(frozen=True, slots=True)
class PartHealth:
    """One part's answer; `detail` never carries an address or a secret."""

    ok: bool
    detail: str


def database() -> str:
    """Ask PostgreSQL on a connection of its own; it must be one that the wall binds."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            row = cursor.fetchone()
    finally:
        connection.close()
    if row is None or row[0]:
        message = "the application's role stands above row level security"
        raise NotReady(message)
    return "answers"


def storage() -> str:
    """Ask the file store: a folder must take files and have room, a bucket must answer."""
    store = storages["default"]
    if isinstance(store, FileSystemStorage):
        return _folder(Path(store.location))
    store.exists(PROBE_NAME)
    return "answers"


def _folder(place: Path) -> str:
    place.mkdir(parents=True, exist_ok=True)
    if not os.access(place, os.W_OK | os.X_OK):
        message = "the folder cannot be written"
        raise NotReady(message)
    disk = shutil.disk_usage(place)
    if disk.free < disk.total * LEAST_FREE:
        message = "less than 5 % of the disk is free"
        raise NotReady(message)
    return "answers"


def temporal() -> str:
    """Ask Temporal's frontend for its health."""
    if not asyncio.run(_frontend_serves()):
        message = "the frontend says that it does not serve"
        raise NotReady(message)
    return "answers"


async def _frontend_serves() -> bool:
    client = await _frontend()
    return await client.check_health(timeout=timedelta(seconds=DEADLINE_SECONDS))


async def _frontend() -> ServiceClient:
    config = ConnectConfig(
        target_host=env.temporal_address,
        tls=env.temporal_tls or bool(env.temporal_api_key),
        api_key=env.temporal_api_key or None,
    )
    return await ServiceClient.connect(config)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the workers of a queue say of themselves: one of `values`."""

    queue: str
    fact: str
    values: frozenset[str]

    def __call__(self) -> str:
        """Ask Temporal for the workers that it lately heard; several that differ are all named."""
        said = {fact_of(name, self.fact) for name in asyncio.run(self._names())}
        known = said & self.values
        return ", ".join(sorted(known | {UNKNOWN} if said - known else known)) or NOBODY

    async def _names(self) -> frozenset[str]:
        client = await _frontend()
        return await heard(client.workflow_service, env.temporal_namespace, self.queue)


PROBES: Final[Mapping[str, Callable[[], str]]] = {"database": database, "storage": storage, "temporal": temporal}
# Worth knowing, and nothing that requests depend on: no answer to these makes the web process unready.
NOTICES: Final[Mapping[str, Callable[[], str]]] = {
    "document_parsing": Told("cpu", "sandbox", frozenset({"bubblewrap", "plain"})),
    "office_files": Told("cpu", "office", frozenset({"libreoffice", "text"})),
    "virus_scan": Told("io", "scan", frozenset({"on", "off"})),
}

_pool = ThreadPoolExecutor(max_workers=len(PROBES) + len(NOTICES), thread_name_prefix="probe")
_running: dict[str, Future[str]] = {}


@dataclass(frozen=True, slots=True)
class Answers:
    """What each part answers, and what the workers say of themselves."""

    parts: Mapping[str, PartHealth]
    workers: Mapping[str, str]


def ask_all() -> Answers:
    """Ask everyone side by side; one that is still busy with an earlier question is not asked again."""
    for name, probe in {**PROBES, **NOTICES}.items():
        if name not in _running:
            _running[name] = _pool.submit(probe)
    wait(_running.values(), timeout=DEADLINE_SECONDS)
    told = {name: _outcome(name) for name in NOTICES}
    return Answers(
        parts={name: _outcome(name) for name in PROBES},
        workers={name: one.detail if one.ok else UNKNOWN for name, one in told.items()},
    )


def _outcome(name: str) -> PartHealth:
    if not _running[name].done():
        return PartHealth(ok=False, detail=f"no answer within {DEADLINE_SECONDS:g} s")
    error = _running[name].exception()
    done = _running.pop(name)
    if error is None:
        return PartHealth(ok=True, detail=done.result())
    return PartHealth(ok=False, detail=str(error) if isinstance(error, NotReady) else type(error).__name__)


def choices() -> dict[str, str]:
    """Tell which of the replaceable parts this process was set up with."""
    return {
        "live_updates": settings.CHANNEL_LAYERS["default"]["BACKEND"].rpartition(".")[2],
        "file_store": type(storages["default"]).__name__,
    }
