"""The process table: what the embedded default runs, each as production runs it too."""

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
BEHIND_THE_WEB = 10


@dataclass(frozen=True, slots=True)
class Account:
    """One user of the demonstration tenant."""

    role: str
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Table:
    """Commands that are run once before the web, and those that are kept running."""

    migrate: tuple[str, ...]
    seed: tuple[str, ...]
    web: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]]

    def programs(self, environment: Mapping[str, str]) -> tuple[Program, ...]:
        """Give the long-running programs, the web first: a person waits for it, and never for the others."""
        others = [
            Program(name, command, environment, niceness=BEHIND_THE_WEB) for name, command in self.others.items()
        ]
        return Program("web", self.web, environment), *others


def default_table(port: int) -> Table:
    """Refinery's own processes, with the web on `port` of the loopback address."""
    manage = (PYTHON, "manage.py")
    workers = {f"worker-{queue}": (PYTHON, "-m", "workers.run", "--queue", queue) for queue in QUEUES}
    return Table(
        migrate=(*manage, "migrate", "--database", "owner", "--no-input"),
        seed=(*manage, "seed_demo", "--json"),
        web=(PYTHON, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "refinery.asgi:application"),
        others={"relay": (PYTHON, "-m", "workers.relay"), **workers},
    )


def environment(var: Path, port: int, values: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of every process: the user's own, with this stack's addresses."""
    # The owner is for migrations alone; and a program that starts often should not compile itself every time.
    dropped = {"DATABASE_OWNER_URL", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    defaults = {
        "DJANGO_SETTINGS_MODULE": "refinery.settings.local",
        "REFINERY_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    fixed = {"REFINERY_VAR": str(var), "REFINERY_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    return {**defaults, **kept, **fixed, **values}


def read_accounts(output: str) -> list[Account]:
    """Read what `seed_demo --json` prints: {"users": [{"role", "email", "password"}]} on its last line."""
    try:
        users = json.loads(output.strip().splitlines()[-1])["users"]
        return [Account(user["role"], user["email"], user["password"]) for user in users]
    except (ValueError, LookupError, TypeError):
        message = "the demonstration tenant was not made: seed_demo did not list its users"
        raise StackError(message) from None
