"""Embedded Temporal: the real development server with a file database."""

import os
from dataclasses import dataclass
from pathlib import Path

from refinery.stack.ports import LOOPBACK, answers_http, free_ports
from refinery.stack.program import Program

NAMESPACE = "refinery"
# Four times the workflows per second of the server's defaults (measured); a power cut may lose the last moments
# before it, a killed process loses nothing.
PRAGMAS = ("journal_mode=wal", "synchronous=normal")
# Without these, this version serves tasks in order of arrival, ignoring their priority and tenant.
DYNAMIC_CONFIG = ("matching.useNewMatcher=true", "matching.enableFairness=true")
# Clients connect before it is ready, and it logs that: normal during a start.
TEMPORAL_WARNING_PATTERN = r"level=ERROR(?!.*not healthy yet)"


@dataclass(frozen=True, slots=True)
class TemporalDevServer:
    """Development server: its database file and the ports chosen for it."""

    binary: Path
    database: Path
    port: int
    ui_port: int
    http_port: int
    metrics_port: int
    namespace: str = NAMESPACE

    @property
    def address(self) -> str:
        """Return host:port of the frontend."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def ui_url(self) -> str:
        """Return the URL of Temporal's web interface."""
        return f"http://{LOOPBACK}:{self.ui_port}"

    def program(self) -> Program:
        """Return the server as a program; TEMPORAL_* of the user's shell is for clients and is removed."""
        ports = {
            "--port": self.port,
            "--ui-port": self.ui_port,
            "--http-port": self.http_port,
            "--metrics-port": self.metrics_port,
        }
        command = [str(self.binary), "server", "start-dev", "--ip", LOOPBACK, "--namespace", self.namespace]
        command += ["--db-filename", str(self.database), "--log-level", "warn"]
        command += [part for flag, port in ports.items() for part in (flag, str(port))]
        command += [part for pragma in PRAGMAS for part in ("--sqlite-pragma", pragma)]
        command += [part for value in DYNAMIC_CONFIG for part in ("--dynamic-config-value", value)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TEMPORAL_")}
        return Program(
            "temporal", tuple(command), environment, foundation=True, warning_pattern=TEMPORAL_WARNING_PATTERN
        )

    def is_ready(self) -> bool:
        """Return whether the frontend serves and the namespace exists."""
        return answers_http(f"http://{LOOPBACK}:{self.http_port}/api/v1/namespaces/{self.namespace}")


def prepare_temporal(folder: Path, binary: Path, namespace: str = NAMESPACE) -> TemporalDevServer:
    """Choose the ports of a server whose database is in `folder`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    port, ui_port, http_port, metrics_port = free_ports(4)
    return TemporalDevServer(
        binary, folder.resolve() / "temporal.db", port, ui_port, http_port, metrics_port, namespace
    )
