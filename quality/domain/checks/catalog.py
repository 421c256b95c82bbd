"""The standard registry: every check of this package, discovered automatically, with its examples.

A check is a class with an `id` in a module of this package; `EXAMPLES` in the same module, or in one of
`examples/`, maps its id to its examples. Modules run by their `ORDER`, those without one last, by name;
checks of a module run in the order in which it defines them.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from quality.domain import checks
from quality.domain.checks import examples
from quality.domain.checks.check import Check
from quality.domain.checks.registry import CheckRegistry, Examples

LAST = 1000


def _modules(package: ModuleType) -> list[ModuleType]:
    """Return the modules of a package in the order in which their checks run."""
    found = [import_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__)]
    return sorted(found, key=lambda module: (getattr(module, "ORDER", LAST), module.__name__))


def _checks(module: ModuleType) -> Iterator[Check]:
    """Yield an instance of each check that a module defines; classes without an id are shared bases."""
    for value in vars(module).values():
        own = isinstance(value, type) and value.__module__ == module.__name__
        if own and issubclass(value, Check) and "id" in vars(value):
            yield value()


@cache
def standard_registry() -> CheckRegistry:
    """Build the standard registry once; raises RegistryError when a check lacks an example."""
    modules, registry = _modules(checks), CheckRegistry()
    found: dict[str, Examples] = {}
    for module in (*modules, *_modules(examples)):
        found |= getattr(module, "EXAMPLES", {})
    for check in (check for module in modules for check in _checks(module)):
        registry.add(check, found.get(check.id))
    return registry
