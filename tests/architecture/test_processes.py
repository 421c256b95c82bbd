"""What each process loads: nothing that only another one needs."""

import os
import subprocess
import sys

import pytest

from refinery.settings.env import ROOT

LOADED = "import sys, {module}; print(*sys.modules)"
THE_SITES_OWN = {
    "refinery.core.web.admin_site",
    "refinery.core.web.admin",
    "review.admin",
    "guardian.admin",
    "unfold.sites",
}
SERVER = {"daphne.server", "autobahn", "twisted.internet.reactor"}


def loaded_by(module: str) -> set[str]:
    """Load a process's module in an interpreter of its own; the names of all that came with it."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "refinery.settings.test"}
    command = [sys.executable, "-W", "ignore", "-c", LOADED.format(module=module)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["workers.run", "workers.relay"])
def test_workers_load_neither_the_web_server_nor_the_administrators_site(module: str) -> None:
    """Both cost a start half a second."""
    assert loaded_by(module) & (SERVER | THE_SITES_OWN) == set()


def test_the_web_process_loads_both() -> None:
    """The names above are those that there are."""
    assert loaded_by("refinery.asgi, refinery.urls") >= SERVER | THE_SITES_OWN
