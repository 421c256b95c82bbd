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

from refinery.settings.env import env

DEADLINE_SECONDS: Final = 2.0
LEAST_FREE: Final = 0.05
PROBE_NAME: Final = "readyz"


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
    config = ConnectConfig(
        target_host=env.temporal_address,
        tls=env.temporal_tls or bool(env.temporal_api_key),
        api_key=env.temporal_api_key or None,
    )
    client = await ServiceClient.connect(config)
    return await client.check_health(timeout=timedelta(seconds=DEADLINE_SECONDS))


PROBES: Final[Mapping[str, Callable[[], str]]] = {"database": database, "storage": storage, "temporal": temporal}

_pool = ThreadPoolExecutor(max_workers=len(PROBES), thread_name_prefix="probe")
_running: dict[str, Future[str]] = {}


def ask_all() -> dict[str, PartHealth]:
    """Ask all parts side by side; one that is still busy with an earlier question is not asked again."""
    for name, probe in PROBES.items():
        if name not in _running:
            _running[name] = _pool.submit(probe)
    wait(_running.values(), timeout=DEADLINE_SECONDS)
    return {name: _outcome(name) for name in PROBES}


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
        "virus_scan": "on" if env.clamd_address else "off",
        "live_updates": settings.CHANNEL_LAYERS["default"]["BACKEND"].rpartition(".")[2],
        "file_store": type(storages["default"]).__name__,
    }
