"""Pinned requirements: every requirement is pinned with its hashes, and a package has the same pins in all files."""

import re
from collections import defaultdict
from itertools import pairwise

import pytest

from refinery.stack.program import ROOT
from refinery.stack.setup import FILES, TORCH, pinned_torch

FOLDER = ROOT / "requirements"
NAMES = sorted(path.stem for path in FOLDER.glob("*.in"))
LOCKED = sorted(path.stem for path in FOLDER.glob("*.txt"))
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z0-9,]+\])?==([^ ]+)(.*?) ?\\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_lines(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.txt").read_text().splitlines()
    return [line for line in lines if not line.lstrip().startswith("#")]


def pins(name: str) -> dict[str, set[str]]:
    """Return each package's versions with their markers: a few have another version for another interpreter."""
    found: dict[str, set[str]] = defaultdict(set)
    for match in filter(None, map(PIN.match, locked_lines(name))):
        found[canonical(match[1])].add(match[2])
    return found


def required_names(name: str) -> set[str]:
    lines = (FOLDER / f"{name}.in").read_text().splitlines()
    return {canonical(match[0]) for line in lines if (match := re.match(r"[A-Za-z0-9._-]+", line)) and line[0] != "-"}


def test_requirements_for_tests_include_all_files() -> None:
    assert sorted(FILES["test"]) == NAMES
    assert sorted((*NAMES, TORCH)) == LOCKED
    assert set(FILES["run"]) < set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_requirements_are_all_pinned(name: str) -> None:
    assert required_names(name) - set(pins(name)) - set(pins(TORCH)) == set(), "run `make lock`"


@pytest.mark.parametrize("name", LOCKED)
def test_requirements_have_hashes(name: str) -> None:
    lines = locked_lines(name)
    assert lines
    assert [line for line in lines if not PIN.match(line) and not HASH.match(line)] == []
    assert [line for line, after in pairwise([*lines, ""]) if PIN.match(line) and not HASH.match(after)] == []


def test_requirements_have_the_same_pins_in_all_files() -> None:
    versions: dict[str, set[frozenset[str]]] = defaultdict(set)
    for name in LOCKED:
        for package, found in pins(name).items():
            versions[package].add(frozenset(found))
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_torch_is_pinned_apart_from_what_its_cpu_build_needs() -> None:
    assert re.fullmatch(r"torch==\d+\.\d+\.\d+", pinned_torch())
    assert "sympy" in pins("models")
    assert {name for name in LOCKED if "torch" in pins(name)} == {TORCH}


@pytest.mark.parametrize("name", LOCKED)
def test_requirements_name_no_package_index(name: str) -> None:
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", (FOLDER / f"{name}.txt").read_text())
