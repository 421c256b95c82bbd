"""Regular expressions take time in proportion to the text, so that no document can block its assessment."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patterns import child
from tests.support.patterns.attacks import attacks_on
from tests.support.patterns.source import SourcePattern, all_patterns

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


def test_every_pattern_takes_linear_time() -> None:
    patterns, _ = all_patterns()
    assert len(patterns) > 150
    assert slow_patterns(patterns) == []


def test_no_pattern_is_known_only_at_run_time() -> None:
    _, unknown = all_patterns()
    assert {place.partition(":")[0] for place in unknown} == set(KNOWN_AT_RUN_TIME)
