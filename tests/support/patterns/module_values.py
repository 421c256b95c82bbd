"""Regular expressions that a module builds while it is imported, found in the values of its names.

A pattern put together from other constants, by a loop over a table or by a private function that nothing calls later,
cannot be read from the source text: the values of the imported module hold it.
"""

import ast
import dataclasses
import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType


def import_module(path: Path, root: Path) -> ModuleType:
    """Return the module of a file of the program."""
    return importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))


def is_called_at_import(tree: ast.Module, call: ast.Call) -> bool:
    """Return whether a call runs only while the module is imported."""
    deferred = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    around = [node for node in deferred if call in ast.walk(node)]
    if not around:
        return True
    function = around[0]
    if len(around) > 1 or not isinstance(function, ast.FunctionDef) or not function.name.startswith("_"):
        return False
    return function in tree.body and not any(_names(node, function.name) for node in deferred)


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))


def module_patterns(module: ModuleType) -> dict[re.Pattern[str] | re.Pattern[bytes], str]:
    """Return the compiled patterns that the module's names hold, each with the name."""
    found: dict[re.Pattern[str] | re.Pattern[bytes], str] = {}
    for name, value in vars(module).items():
        for pattern in () if name.startswith("__") else _patterns_in(value):
            found.setdefault(pattern, name)
    return found


def _patterns_in(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _patterns_in(each)
    elif isinstance(value, Mapping):
        yield from _patterns_in([*value.keys(), *value.values()])
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _patterns_in([getattr(value, field.name) for field in dataclasses.fields(value)])
