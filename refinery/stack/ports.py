"""Ports: free ones for internal services, and a clear error for a port that is in use."""

import http.client
import socket
import urllib.request
from contextlib import ExitStack

import psutil

from refinery.stack.errors import StackError

LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> tuple[int, ...]:
    """Return `count` different ports that are free now; all are held until the last one is known."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return tuple(one.getsockname()[1] for one in sockets)


def _process_on(port: int) -> str:
    """Return the name of the process that listens on `port`, as far as this account may see it."""
    try:
        listening = [
            connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
        ]
        return f" by {psutil.Process(listening[0]).name()} (process {listening[0]})" if listening[0] else ""
    except (psutil.Error, IndexError):
        return ""


def require_port(port: int) -> None:
    """Raise StackError if another program already listens on the web port."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            message = f"port {port} needs root: choose one above 1023, such as REFINERY_PORT=8000"
            raise StackError(message) from None
        except (OSError, OverflowError):
            message = f"port {port} is taken{_process_on(port)}: stop that, or set REFINERY_PORT to another port"
            raise StackError(message) from None


def answers_http(address: str) -> bool:
    """Return whether a GET of this local http address returns 200."""
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:  # noqa: S310 - callers name loopback addresses
            return bool(reply.status == http.client.OK)
    except (OSError, http.client.HTTPException):
        return False
