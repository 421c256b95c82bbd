"""The embedded Temporal: the real development server on a file database."""

import os
from dataclasses import dataclass
from pathlib import Path

from refinery.stack.ports import LOOPBACK, free_ports, serves
from refinery.stack.program import Program

NAMESPACE = "refinery"
# Four times the workflows a second of the server as it comes (measured), at the price of the last moments
# before a power cut; a killed process loses nothing.
PRAGMAS = ("journal_mode=wal", "synchronous=normal")
# Without them this version takes tasks in the order of their arrival, whatever their priority and their tenant.
MATCHING = ("matching.useNewMatcher=true", "matching.enableFairness=true")
# We ask before it is up, and it says so: that is how a start goes.
ALARM = r"level=ERROR(?!.*not healthy yet)"


@dataclass(frozen=True, slots=True)
class Engine:
    """One development server: its database file and the ports chosen for it."""

    binary: Path
    database: Path
    port: int
    ui_port: int
    http_port: int
    metrics_port: int
    namespace: str = NAMESPACE

    @property
    def address(self) -> str:
        """host:port of the frontend."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def ui_url(self) -> str:
        """Address of Temporal's own pages."""
        return f"http://{LOOPBACK}:{self.ui_port}"

    def program(self) -> Program:
        """Tell how the server is run; TEMPORAL_* of the user's shell is for clients and stays out."""
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
        command += [part for value in MATCHING for part in ("--dynamic-config-value", value)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TEMPORAL_")}
        return Program("temporal", tuple(command), environment, foundation=True, alarm=ALARM)

    def answers(self) -> bool:
        """Say whether the frontend serves and the namespace is there."""
        return serves(f"http://{LOOPBACK}:{self.http_port}/api/v1/namespaces/{self.namespace}")


def prepare(folder: Path, binary: Path, namespace: str = NAMESPACE) -> Engine:
    """Choose the ports of a server whose database lies in `folder`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    port, ui_port, http_port, metrics_port = free_ports(4)
    return Engine(binary, folder.resolve() / "temporal.db", port, ui_port, http_port, metrics_port, namespace)
