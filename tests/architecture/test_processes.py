"""Each process imports only modules that it needs."""

import os
import subprocess
import sys

import pytest

from refinery.settings.env import ROOT

LIST_MODULES_PROGRAM = "import sys, {module}; print(*sys.modules)"
ADMIN_MODULES = {
    "refinery.core.web.admin_site",
    "refinery.core.web.admin",
    "review.admin",
    "guardian.admin",
    "unfold.sites",
}
SERVER_MODULES = {"daphne.server", "autobahn", "twisted.internet.reactor"}


def modules_loaded_by(module: str) -> set[str]:
    """Import a process's module in a separate interpreter and return the names of all loaded modules."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "refinery.settings.test"}
    command = [sys.executable, "-W", "ignore", "-c", LIST_MODULES_PROGRAM.format(module=module)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["workers.run", "workers.relay"])
def test_workers_import_neither_web_server_nor_admin_site(module: str) -> None:
    """Both cost half a second at start."""
    assert modules_loaded_by(module) & (SERVER_MODULES | ADMIN_MODULES) == set()


def test_web_process_imports_web_server_and_admin_site() -> None:
    """The names used above exist."""
    assert modules_loaded_by("refinery.asgi, refinery.urls") >= SERVER_MODULES | ADMIN_MODULES
