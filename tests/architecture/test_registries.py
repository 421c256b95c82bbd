"""Registries that find their modules: every module of their packages defines what the registry reads."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

from ingestion.adapters.formats import openers
from ingestion.domain import field_types
from ingestion.domain.formats import entries
from quality.domain import checks
from quality.domain.checks.catalog import standard_registry

REGISTRIES: dict[ModuleType, set[str]] = {
    field_types: {"FIELD_TYPE"},
    entries: {"FORMATS"},
    openers: {"PAGE_OPENERS", "CONTAINER_OPENERS"},
}
MECHANISM = {"catalog", "check", "registry", "runner"}  # modules of quality.domain.checks that are no checks


def modules_without(path: Iterable[str], package: str, names: set[str]) -> list[str]:
    """Return the modules of a package that have none of these names, or only empty ones."""
    modules = [import_module(f"{package}.{found.name}") for found in iter_modules(path)]
    return [module.__name__ for module in modules if not any(getattr(module, name, None) for name in names)]


@pytest.mark.parametrize("package", REGISTRIES, ids=lambda package: str(package.__name__))
def test_module_in_registry_package_registers_something(package: ModuleType) -> None:
    assert modules_without(package.__path__, package.__name__, REGISTRIES[package]) == []


def test_module_in_package_of_checks_registers_a_check() -> None:
    found = {module.name for module in iter_modules(checks.__path__) if not module.ispkg}
    registered = {type(check).__module__.rpartition(".")[2] for check in standard_registry()}
    assert found - MECHANISM == registered


def test_module_without_registered_object_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_built.py").write_text("FORMATS = ()\n")
    monkeypatch.setattr(entries, "__path__", [*entries.__path__, str(tmp_path)])
    assert modules_without(entries.__path__, entries.__name__, {"FORMATS"}) == [f"{entries.__name__}.half_built"]
