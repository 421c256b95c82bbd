"""Process table: the processes of the embedded default, each as it also runs in production."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from refinery.stack.errors import StackError
from refinery.stack.program import Program

QUEUES = ("io", "cpu", "gpu")
PYTHON = sys.executable
BACKGROUND_NICENESS = 10


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """User of the demonstration tenant."""

    role: str
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class ProcessTable:
    """Commands that run once before the web process, and programs that are kept running."""

    migrate: tuple[str, ...]
    seed: tuple[str, ...]
    web: tuple[str, ...]
    background: Mapping[str, tuple[str, ...]]

    def programs(self, environment: Mapping[str, str]) -> tuple[Program, ...]:
        """Return the long-running programs; the web process is first, because users wait for it."""
        others = [
            Program(name, command, environment, niceness=BACKGROUND_NICENESS)
            for name, command in self.background.items()
        ]
        return Program("web", self.web, environment), *others


def default_process_table(port: int) -> ProcessTable:
    """Return Refinery's own processes, with the web process on `port` of the loopback address."""
    manage = (PYTHON, "manage.py")
    workers = {f"worker-{queue}": (PYTHON, "-m", "workers.run", "--queue", queue) for queue in QUEUES}
    return ProcessTable(
        migrate=(*manage, "migrate", "--database", "owner", "--no-input"),
        seed=(*manage, "seed_demo", "--json"),
        web=(PYTHON, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "refinery.asgi:application"),
        background={"relay": (PYTHON, "-m", "workers.relay"), **workers},
    )


def process_environment(var: Path, port: int, values: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of every process: the user's own, with this stack's addresses."""
    # The owner's URL is only for migrations; caching bytecode avoids compiling at each start.
    dropped = {"DATABASE_OWNER_URL", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    defaults = {"DJANGO_SETTINGS_MODULE": "refinery.settings.local", "REFINERY_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    fixed = {"REFINERY_VAR": str(var), "REFINERY_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    return {**defaults, **kept, **fixed, **values}


def read_accounts(output: str) -> list[DemoAccount]:
    """Parse the output of `seed_demo --json`: {"users": [{"role", "email", "password"}]} on its last line."""
    try:
        users = json.loads(output.strip().splitlines()[-1])["users"]
        return [DemoAccount(user["role"], user["email"], user["password"]) for user in users]
    except (ValueError, LookupError, TypeError):
        message = "the demonstration tenant was not created: seed_demo did not list its users"
        raise StackError(message) from None
