"""The documents tell the truth: links lead somewhere, commands exist, every target and decision is told of."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import URLPattern

from refinery.api.urls import urlpatterns
from refinery.core.webhooks.delivery import headers_of
from refinery.core.webhooks.services import new_secret
from refinery.stack.program import ROOT
from samples.__main__ import main as make_samples

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)
TARGET = re.compile(r"^(?P<name>[\w-]+):", re.MULTILINE)
MAKE = re.compile(r"(?:^|`)make (?P<target>[a-z][\w-]*)", re.MULTILINE)
MODULE = re.compile(r"python3? -m (?P<name>[\w.]+)")
MANAGE = re.compile(r"manage\.py (?P<rest>[a-z_]+[^\n`)]*)")
INNER = frozenset({"setup", "setup-test"})

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def anchor(title: str) -> str:
    """Give the anchor that forges make of a heading."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def links(path: Path) -> Iterator[str]:
    """Give the links of a document that lead to a place in the repository."""
    for found in LINK.finditer(FENCE.sub("", path.read_text())):
        if "://" not in found["target"] and not found["target"].startswith("mailto:"):
            yield found["target"]


def targets() -> set[str]:
    """Give the Makefile's targets."""
    return {found["name"] for found in TARGET.finditer((ROOT / "Makefile").read_text())}


@each_document
def test_links_lead_somewhere(path: Path) -> None:
    """To a file that is there and, behind `#`, to a heading in it."""
    for link in links(path):
        name, _, part = link.partition("#")
        place = (path.parent / name).resolve() if name else path
        assert place.exists(), link
        if part:
            assert part in {anchor(found["title"]) for found in HEADING.finditer(place.read_text())}, link


@each_document
def test_commands_exist(path: Path) -> None:
    """What is told to be typed can be typed: make targets, modules, management commands."""
    text = path.read_text()
    unknown = {found["target"] for found in MAKE.finditer(text)} - targets()
    assert not unknown
    for found in MODULE.finditer(text):
        name = found["name"]
        assert importlib.util.find_spec(name) or name in {"pip", "venv"}, name


@each_document
def test_management_commands_take_their_arguments(path: Path) -> None:
    """Each is parsed by the command's own parser."""
    commands = get_commands()
    for found in MANAGE.finditer(path.read_text()):
        name, *arguments = shlex.split(found["rest"].split(" #")[0])
        app: Any = commands[name]
        parser = load_command_class(app, name).create_parser("manage.py", name)
        parser.parse_args([argument for argument in arguments if argument != "…"])


def test_the_samples_of_the_tour_can_be_made(tmp_path: Path) -> None:
    """The file that the tour uploads is the one that its command makes."""
    readme = (ROOT / "README.md").read_text()
    told = re.search(r"-m samples --out var/tour (?P<arguments>.+)", readme)
    uploaded = re.search(r"file=@var/tour/(?P<name>\S+)", readme)
    assert told
    assert uploaded
    assert make_samples(["--out", str(tmp_path), *told["arguments"].split()]) == 0
    assert (tmp_path / uploaded["name"]).exists()


def test_every_target_is_told_of() -> None:
    """In the README or in the guide to operations; the steps inside are left out."""
    told = (ROOT / "README.md").read_text() + (ROOT / "docs" / "operations.md").read_text()
    assert not {name for name in targets() - INNER if f"make {name}" not in told}


def test_every_decision_stands_in_the_index() -> None:
    """With its number, without a gap, under the title that the page itself has."""
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    for number, path in zip(count(1), DECISIONS, strict=False):
        title = path.read_text().partition("\n")[0]
        assert path.name.startswith(f"{number:04d}-")
        assert title.startswith(f"# {number:04d} ")
        assert f"| [{number:04d}]({path.name}) | {title[7:]} |" in index


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_parts(path: Path) -> None:
    """What was decided, why, what it costs, and what would change it."""
    titles = [found["title"] for found in HEADING.finditer(path.read_text())]
    wanted = ["Context", "Decision", "Why", "Costs", "What would change it"]
    assert [title for title in titles if title in wanted] == wanted


def test_the_guide_knows_every_group_of_addresses() -> None:
    """Each first part of an address below /v1 is told of."""
    guide = (ROOT / "docs" / "api.md").read_text()
    groups = {str(one.pattern).split("/")[0] for one in urlpatterns if isinstance(one, URLPattern)}
    assert not {group for group in groups if f"/v1/{group}" not in guide}


def test_the_guide_checks_a_signature_as_we_sign() -> None:
    """The lines that receivers copy are run against what is really sent."""
    code = re.search(r"```python\n(?P<code>.+?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(code["code"], names)  # noqa: S102 - our own document
    is_genuine = names["is_genuine"]
    secret, other, body, now = new_secret(), new_secret(), '{"type":"document.completed"}', datetime.now(UTC)
    headers = headers_of(uuid4(), body, (secret, other), now)
    assert is_genuine(secret, headers, body.encode())
    assert is_genuine(other, headers, body.encode())
    assert not is_genuine(new_secret(), headers, body.encode())
    assert not is_genuine(secret, headers, b"{}")
    stale = headers_of(uuid4(), body, (secret,), now - timedelta(hours=1))
    assert not is_genuine(secret, stale, body.encode())


def test_the_guide_names_every_conflict() -> None:
    """A program has to know them: each type of a 409 stands in the guide's table."""
    guide = (ROOT / "docs" / "api.md").read_text()
    sources = [path.read_text() for path in (ROOT / "refinery" / "api").glob("*.py")]
    types = {name for source in sources for name in re.findall(r'Problem\(\s*409, "([a-z-]+)"', source)}
    assert types
    assert sorted(name for name in types if f"`{name}`" not in guide) == []
