"""The whole program as a person starts it, for tests from the outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent.parent
READY = "Refinery is up:"


def wait_until(true: Callable[[], bool], seconds: float = 120.0) -> None:
    """Poll until the condition is true; the limit is an upper bound for failures."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "what was waited for never came"
        time.sleep(0.1)


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True, slots=True)
class Program:
    """A running Refinery: address, data folder, users by role, manager process, settings."""

    url: str
    folder: Path
    users: dict[str, dict[str, str]]
    process: subprocess.Popen[str]
    extra: dict[str, str] = field(default_factory=dict)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py, as an operator would in another terminal."""
        command = [sys.executable, "manage.py", *arguments]
        environment = {**clean_environment(), "REFINERY_VAR": str(self.folder), **self.extra}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def api(self, role: str, tenant: str = "demo") -> "ApiClient":
        """Return a REST client with a new key of a role."""
        key = self.manage("create_api_key", "--tenant", tenant, "--role", role, "--name", f"test {role}")
        return ApiClient(httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=30))


@dataclass(frozen=True, slots=True)
class ApiClient:
    """REST client with one API key."""

    client: httpx.Client

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """GET a JSON response."""
        answer = self.client.get(path)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """POST JSON; return None for 204."""
        answer = self.client.post(path, json=body or {})
        answer.raise_for_status()
        return answer.json() if answer.content else None


def clean_environment() -> dict[str, str]:
    """Return the environment without the variables set by the test run."""
    own = ("DJANGO_", "DATABASE_", "TEMPORAL_", "REFINERY_")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


@contextmanager
def running_program(**extra: str) -> Iterator[Program]:
    """Start the program in a new folder, wait until it is up, and stop it with Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="rf-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        environment = {**clean_environment(), "REFINERY_VAR": name, "REFINERY_PORT": str(port), **extra}
        process = subprocess.Popen(
            [sys.executable, "-m", "refinery.stack"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            _wait(process)
            users = json.loads((folder / "demo-users.json").read_text())
            yield Program(f"http://127.0.0.1:{port}", folder, _users(users), process, extra)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=90)


def _wait(process: subprocess.Popen[str]) -> None:
    """Read the output until the program is up; on failure the output is the error message."""
    said = []
    for line in process.stdout or []:
        said.append(line)
        if READY in line:
            return
    message = "Refinery did not come up:\n" + "".join(said)
    raise AssertionError(message)


def _users(passwords: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        role: {"email": f"{role.replace('_', '.')}@demo.example", "password": password}
        for role, password in passwords.items()
    }
