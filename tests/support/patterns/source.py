"""All regular expressions of the program's source text, with the methods by which they are used."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.support.patterns.module_values import import_module, is_called_at_import, module_patterns

ROOT: Final = Path(__file__).parents[3]
PACKAGES: Final = ("ingestion", "quality", "review", "refinery", "workers")
SEARCHING: Final = {"search", "finditer", "findall", "sub", "subn", "split"}
METHODS: Final = {*SEARCHING, "match", "fullmatch"}
EVERY_WAY: Final = ("finditer", "match", "fullmatch")


class SourcePattern(NamedTuple):
    """Regular expression at `place` (path:line); `methods` are those of finditer, match and fullmatch to try."""

    place: str
    pattern: str | bytes
    flags: int
    methods: tuple[str, ...]


def source_files() -> list[Path]:
    """Return the files of the program."""
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
def all_patterns() -> tuple[list[SourcePattern], list[str]]:
    """Return the patterns, and the places of calls whose pattern is known only at run time."""
    everything = "\n".join(path.read_text() for path in source_files())
    found: list[SourcePattern] = []
    unknown: list[str] = []
    for path in source_files():
        read, unread = _read_file(path, path.read_text(), everything)
        found += read
        unknown += unread
    return found, unknown


def _read_file(path: Path, text: str, everything: str) -> tuple[list[SourcePattern], list[str]]:
    """Return the patterns of one file, and the places of those known only at run time."""
    tree = ast.parse(text)
    found: list[SourcePattern] = []
    at_import, unknown, names = False, [], set()
    for call, name in calls_of_re(tree):
        place = f"{path.relative_to(ROOT)}:{call.lineno}"
        try:
            pattern, flags = _arguments(call, path)
        except NameError:
            built = is_called_at_import(tree, call)
            at_import |= built
            unknown += [] if built else [place]
        else:
            methods = _methods(call, name, text if name.startswith("_") else everything)
            found.append(SourcePattern(place, pattern, flags, methods))
            names.add(name)
    return [*found, *(_built(path, _uses_of_others(text, names), found) if at_import else ())], unknown


def _uses_of_others(text: str, names: set[str]) -> set[str]:
    """Return the methods that a file calls on anything but `re` and the patterns of these names."""
    calls = re.findall(r"\b(\w+)\.(\w+)\(", text)
    return {method for receiver, method in calls if method in METHODS and receiver not in names | {"re"}}


def _built(path: Path, used: set[str], found: list[SourcePattern]) -> Iterator[SourcePattern]:
    """Yield the patterns that a module builds while it is imported, tried in each way that the file uses one."""
    methods = _as_tried(used) or EVERY_WAY
    known = {one.pattern for one in found}
    for pattern, name in module_patterns(import_module(path, ROOT)).items():
        if pattern.pattern not in known:
            yield SourcePattern(f"{path.relative_to(ROOT)}:{name}", pattern.pattern, pattern.flags, methods)


def calls_of_re(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls of the module `re`, with the name of the constant that one is assigned to."""
    names = {
        id(node.value): node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    names |= {
        id(node.value): node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=method)) if method in {*METHODS, "compile"}:
                yield node, names.get(id(node), "")


def _arguments(call: ast.Call, path: Path) -> tuple[str | bytes, int]:
    """Return pattern and flags; raises NameError if they use a local name."""
    first = call.args[0]
    module: dict[str, Any] = {"re": re}
    if not isinstance(first, ast.Constant):
        module = vars(import_module(path, ROOT))
    position = 1 if _method(call) == "compile" else 99
    given = [each.value for each in call.keywords if each.arg == "flags"] or call.args[position : position + 1]
    return _value(first, module), int(_value(given[0], module)) if given else 0


def _value(node: ast.expr, names: dict[str, Any]) -> Any:  # noqa: ANN401 - a pattern or flags
    return eval(compile(ast.Expression(node), "pattern", "eval"), dict(names))  # noqa: S307 - our own source text


def _method(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr


def _methods(call: ast.Call, name: str, text: str) -> tuple[str, ...]:
    """Return how a pattern is used; one whose use cannot be seen is tried in every way."""
    used = {_method(call)} & METHODS
    if not used and name:
        used = {hit for hit in re.findall(rf"\b{name}\.(\w+)\(", text) if hit in METHODS}
    return _as_tried(used) or EVERY_WAY


def _as_tried(used: set[str]) -> tuple[str, ...]:
    return tuple(sorted({"finditer" if method in SEARCHING else method for method in used}))
