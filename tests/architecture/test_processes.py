"""Each process imports only modules that it needs."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest

from benchmarks.structure import source_files
from refinery.settings.env import ROOT
from tests.architecture.test_requirements import canonical, pins

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


def imported_packages(tree: ast.Module) -> Iterator[str]:
    """Yield the top-level package of each import that is executed when the module is loaded."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_web_process_imports_only_packages_of_its_requirements() -> None:
    """The image of the web process installs web.txt only; here every file's packages are installed."""
    loaded = modules_loaded_by("refinery.asgi, refinery.urls")
    ours = [file for file in source_files(ROOT) if file.module in loaded]
    distributions, pinned = packages_distributions(), set(pins("web"))
    missing = {
        f"{file.path} imports {package}"
        for file in ours
        for package in imported_packages(file.tree)
        if package in distributions and not pinned & set(map(canonical, distributions[package]))
    }
    assert len(ours) > 100
    assert missing == set()
