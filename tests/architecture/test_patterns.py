"""Regular expressions take time in proportion to the text, so that no document can block its assessment."""

import ast
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.patterns import child
from tests.support.patterns.attacks import attacks_on
from tests.support.patterns.module_values import is_called_at_import, module_patterns
from tests.support.patterns.source import SourcePattern, all_patterns, calls_of_re

KNOWN_AT_RUN_TIME = {"refinery/stack/journal.py": "patterns of the programs' log lines, written in refinery/stack"}


def slow_patterns(patterns: list[SourcePattern]) -> list[str]:
    """Return the places of the patterns that use up the processor time of a child."""
    cases = [
        {
            "pattern": one.pattern.decode("latin-1") if isinstance(one.pattern, bytes) else one.pattern,
            "is_bytes": isinstance(one.pattern, bytes),
            "flags": one.flags,
            "methods": one.methods,
            "attacks": attacks_on(
                one.pattern.decode("latin-1") if isinstance(one.pattern, bytes) else one.pattern, one.flags
            ),
        }
        for one in patterns
    ]
    command = [sys.executable, "-I", str(Path(child.__file__))]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    return [patterns[position].place for position in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"^\W*(?:copy)?\W*(?:tax)?\W*(?:invoice)$", "match"),  # cubic
        (r"\s*[|]\s*", "finditer"),  # quadratic, from every place of a long run
        (r"(?:a|aa)+$", "match"),  # exponential
        (r"x\s*:?\s*y", "match"),  # quadratic after a beginning
        (r"\d+[.]\d+%", "finditer"),
    ],
)
def test_slow_pattern_is_found(pattern: str, method: str) -> None:
    assert slow_patterns([SourcePattern("here", pattern, 0, (method,))]) == ["here"]


def module_of(source: str) -> ModuleType:
    """Return a module with this source text."""
    module = ModuleType("built")
    exec(source, vars(module))  # noqa: S102 - source text of these tests
    return module


@pytest.mark.parametrize(
    "source",
    [
        "TABLE = tuple((one, re.compile(rf'{one}+')) for one in 'a')",
        "TABLE = {word: [re.compile(word)] for word in ('a+',)}",
        "def _of(word): return re.compile(word + '+')\nONE = _of('a')",
    ],
)
def test_pattern_built_at_import_is_read_from_the_module(source: str) -> None:
    tree = ast.parse(source)
    (call,) = (call for call, _ in calls_of_re(tree))
    assert is_called_at_import(tree, call)
    assert [pattern.pattern for pattern in module_patterns(module_of("import re\n" + source))] == ["a+"]


@pytest.mark.parametrize(
    "source",
    [
        "def _of(word): return re.compile(word)\ndef search(word): return _of(word).search('')",
        "def of(word): return re.compile(word)\nONE = of('a')",  # another module may call it
        "class Reader:\n    def __init__(self, word): self.pattern = re.compile(word)",
        "READERS = [lambda word: re.compile(word)]",
    ],
)
def test_pattern_built_later_is_known_only_at_run_time(source: str) -> None:
    tree = ast.parse(source)
    (call,) = (call for call, _ in calls_of_re(tree))
    assert not is_called_at_import(tree, call)


def test_patterns_of_tables_are_among_those_tried() -> None:
    patterns, _ = all_patterns()
    places = Counter(one.place for one in patterns)
    assert places["ingestion/domain/normalize/origin.py:_COMPILED"] > 80
    roles = {one.methods for one in patterns if one.place == "ingestion/domain/extraction/amount_roles.py:_NOUNS"}
    assert roles == {("match",)}


def test_every_pattern_takes_linear_time() -> None:
    patterns, _ = all_patterns()
    assert len(patterns) > 150
    assert slow_patterns(patterns) == []


def test_no_pattern_is_known_only_at_run_time() -> None:
    _, unknown = all_patterns()
    assert {place.partition(":")[0] for place in unknown} == set(KNOWN_AT_RUN_TIME)
