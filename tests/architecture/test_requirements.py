"""Pinned requirements: every requirement is pinned, and a package has one version in all files."""

import re
from collections import defaultdict

import pytest

from refinery.stack.program import ROOT
from refinery.stack.setup import FILES

FOLDER = ROOT / "requirements"
NAMES = sorted(path.stem for path in FOLDER.glob("*.in"))
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(name: str) -> dict[str, str]:
    found = (PIN.match(line) for line in (FOLDER / f"{name}.txt").read_text().splitlines())
    return {canonical(match[1]): match[2] for match in found if match}


def required_names(name: str) -> set[str]:
    lines = (FOLDER / f"{name}.in").read_text().splitlines()
    return {canonical(match[0]) for line in lines if (match := re.match(r"[A-Za-z0-9._-]+", line)) and line[0] != "-"}


def test_requirements_for_tests_include_all_files() -> None:
    assert sorted(FILES["test"]) == NAMES
    assert set(FILES["run"]) < set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_requirements_are_all_pinned(name: str) -> None:
    assert required_names(name) - set(pins(name)) == set(), "run `make lock`"


def test_requirements_have_one_version_per_package() -> None:
    versions: dict[str, set[str]] = defaultdict(set)
    for name in NAMES:
        for package, version in pins(name).items():
            versions[package].add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", NAMES)
def test_requirements_name_no_package_index(name: str) -> None:
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", (FOLDER / f"{name}.txt").read_text())
