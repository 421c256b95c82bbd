"""Probes of the services that the web process depends on, with a fixed overall deadline."""

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

from refinery.core.pollers import identity_fact, recent_pollers
from refinery.core.web.office_install import OfficeInstall, office_install
from refinery.settings.env import env

DEADLINE_SECONDS: Final = 2.0
MIN_FREE_SHARE: Final = 0.05
PROBE_NAME: Final = "readyz"
UNKNOWN: Final = "unknown"
NO_WORKER: Final = "no worker"


class NotReady(Exception):
    """A service responds but cannot do its work; the text is for operators."""


@dataclass(frozen=True, slots=True)
class PartHealth:
    """Health of one service; `detail` never contains an address or a secret."""

    ok: bool
    detail: str


def database() -> str:
    """Check PostgreSQL on a separate connection; row level security must apply to its role."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            row = cursor.fetchone()
    finally:
        connection.close()
    if row is None or row[0]:
        message = "the application's role bypasses row-level security"
        raise NotReady(message)
    return "answers"


def storage() -> str:
    """Check the file store: a folder must be writable and have space, a bucket must respond."""
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
    if disk.free < disk.total * MIN_FREE_SHARE:
        message = "less than 5 % of the disk is free"
        raise NotReady(message)
    return "answers"


def temporal() -> str:
    """Check the health of Temporal's frontend."""
    if not asyncio.run(_frontend_serves()):
        message = "the frontend reports that it is not serving"
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
class WorkerFactProbe:
    """Fact that the workers of a queue report about themselves: one of `values`."""

    queue: str
    fact: str
    values: frozenset[str]

    def __call__(self) -> str:
        """Return the values of the workers that polled Temporal recently; differing ones are joined by commas."""
        reported = {identity_fact(name, self.fact) for name in asyncio.run(self._names())}
        known = reported & self.values
        return ", ".join(sorted(known | {UNKNOWN} if reported - known else known)) or NO_WORKER

    async def _names(self) -> frozenset[str]:
        client = await _frontend()
        return await recent_pollers(client.workflow_service, env.temporal_namespace, self.queue)


def office_files() -> str:
    """Return what renders office files; a worker that started before LibreOffice was installed uses it as well."""
    reported = _office_fact()
    if office_install(env.refinery_var) == OfficeInstall.INSTALLED and _TEXT_ONLY in reported.split(", "):
        return _OFFICE_PROGRAM
    return reported


_OFFICE_PROGRAM, _TEXT_ONLY = "libreoffice", "text"
_office_fact = WorkerFactProbe("cpu", "office", frozenset({_OFFICE_PROGRAM, _TEXT_ONLY}))
PROBES: Final[Mapping[str, Callable[[], str]]] = {"database": database, "storage": storage, "temporal": temporal}
# Informative only: requests do not depend on these, so a failure does not make the web process unready.
WORKER_FACT_PROBES: Final[Mapping[str, Callable[[], str]]] = {
    "document_parsing": WorkerFactProbe("cpu", "sandbox", frozenset({"bubblewrap", "plain"})),
    "einvoice_rules": WorkerFactProbe("cpu", "einvoice", frozenset({"official", "own"})),
    "office_files": office_files,
    "office_install": lambda: office_install(env.refinery_var),
    "virus_scan": WorkerFactProbe("io", "scan", frozenset({"on", "off"})),
}

_pool = ThreadPoolExecutor(max_workers=len(PROBES) + len(WORKER_FACT_PROBES), thread_name_prefix="probe")
_running: dict[str, Future[str]] = {}


@dataclass(frozen=True, slots=True)
class ProbeResults:
    """Results of all probes: services and worker facts."""

    parts: Mapping[str, PartHealth]
    workers: Mapping[str, str]


def run_probes() -> ProbeResults:
    """Run all probes in parallel; one that is still running from an earlier call is not started again."""
    for name, probe in {**PROBES, **WORKER_FACT_PROBES}.items():
        if name not in _running:
            _running[name] = _pool.submit(probe)
    wait(_running.values(), timeout=DEADLINE_SECONDS)
    worker_facts = {name: _outcome(name) for name in WORKER_FACT_PROBES}
    return ProbeResults(
        parts={name: _outcome(name) for name in PROBES},
        workers={name: one.detail if one.ok else UNKNOWN for name, one in worker_facts.items()},
    )


def _outcome(name: str) -> PartHealth:
    if not _running[name].done():
        return PartHealth(ok=False, detail=f"no answer within {DEADLINE_SECONDS:g} s")
    error = _running[name].exception()
    done = _running.pop(name)
    if error is None:
        return PartHealth(ok=True, detail=done.result())
    return PartHealth(ok=False, detail=str(error) if isinstance(error, NotReady) else type(error).__name__)


def configured_backends() -> dict[str, str]:
    """Return the implementations chosen for the replaceable services of this process."""
    return {
        "live_updates": settings.CHANNEL_LAYERS["default"]["BACKEND"].rpartition(".")[2],
        "file_store": _kind_of_store(),
    }


def _kind_of_store() -> str:
    """Return the kind of file store: a folder, or the name of an object store's class."""
    store = storages["default"]
    return FileSystemStorage.__name__ if isinstance(store, FileSystemStorage) else type(store).__name__
