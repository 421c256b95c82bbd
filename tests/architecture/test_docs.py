"""The documents are accurate: links resolve, commands exist, every target and decision is documented."""

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

from benchmarks.structure import source_files
from refinery.core.webhooks.delivery import signed_headers
from refinery.core.webhooks.services import new_secret
from refinery.stack.program import ROOT
from samples.__main__ import main as make_samples
from tests.integration.rls.routes import routes

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)
TARGET = re.compile(r"^(?P<name>[\w-]+):", re.MULTILINE)
MAKE = re.compile(r"(?:^|`)make (?P<target>[a-z][\w-]*)", re.MULTILINE)
MODULE = re.compile(r"python3? -m (?P<name>[\w.]+)")
MANAGE = re.compile(r"manage\.py (?P<rest>[a-z_]+[^\n`)]*)")
INTERNAL_TARGETS = frozenset({"setup", "setup-test"})

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def anchor(title: str) -> str:
    """Return the anchor that Git hosting sites derive from a heading."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def links(path: Path) -> Iterator[str]:
    """Yield the links of a document to files in the repository."""
    for found in LINK.finditer(FENCE.sub("", path.read_text())):
        if "://" not in found["target"] and not found["target"].startswith("mailto:"):
            yield found["target"]


def targets() -> set[str]:
    """Return the Makefile targets."""
    return {found["name"] for found in TARGET.finditer((ROOT / "Makefile").read_text())}


@each_document
def test_document_links_resolve_to_existing_targets(path: Path) -> None:
    """The file exists, and after `#` the heading in it."""
    for link in links(path):
        name, _, part = link.partition("#")
        place = (path.parent / name).resolve() if name else path
        assert place.exists(), link
        if part:
            assert part in {anchor(found["title"]) for found in HEADING.finditer(place.read_text())}, link


@each_document
def test_documented_commands_exist(path: Path) -> None:
    """Documented make targets, modules and management commands exist."""
    text = path.read_text()
    unknown = {found["target"] for found in MAKE.finditer(text)} - targets()
    assert not unknown
    for found in MODULE.finditer(text):
        name = found["name"]
        assert importlib.util.find_spec(name) or name in {"pip", "venv"}, name


@each_document
def test_documented_management_commands_accept_their_arguments(path: Path) -> None:
    """Each example is parsed by the command's own parser."""
    commands = get_commands()
    for found in MANAGE.finditer(path.read_text()):
        name, *arguments = shlex.split(found["rest"].split(" #")[0])
        app: Any = commands[name]
        parser = load_command_class(app, name).create_parser("manage.py", name)
        parser.parse_args([argument for argument in arguments if argument != "…"])


def test_readme_tour_samples_can_be_generated(tmp_path: Path) -> None:
    """The documented command makes the file that the tour uploads."""
    quickstart = (ROOT / "docs" / "quickstart.md").read_text()
    command = re.search(r"-m samples --out var/tour (?P<arguments>.+)", quickstart)
    uploaded = re.search(r"file=@var/tour/(?P<name>\S+)", quickstart)
    assert command
    assert uploaded
    assert make_samples(["--out", str(tmp_path), *command["arguments"].split()]) == 0
    assert (tmp_path / uploaded["name"]).exists()


def test_makefile_targets_are_documented() -> None:
    """In the README or in the guide to operations, except internal steps."""
    documents = (ROOT / "README.md").read_text() + (ROOT / "docs" / "howto" / "run-in-production.md").read_text()
    assert not {name for name in targets() - INTERNAL_TARGETS if f"make {name}" not in documents}


def test_adr_index_lists_every_decision() -> None:
    """With its number, without a gap, under the title of the page."""
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    for number, path in zip(count(1), DECISIONS, strict=False):
        title = path.read_text().partition("\n")[0]
        assert path.name.startswith(f"{number:04d}-")
        assert title.startswith(f"# {number:04d} ")
        assert f"| [{number:04d}]({path.name}) | {title[7:]} |" in index


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_adr_has_required_sections(path: Path) -> None:
    """The decision, its reasons, its costs, and what would change it."""
    titles = [found["title"] for found in HEADING.finditer(path.read_text())]
    wanted = ["Context", "Decision", "Why", "Costs", "What would change it"]
    assert [title for title in titles if title in wanted] == wanted


def test_api_guide_lists_every_address_group() -> None:
    """The first path segment of every URL below /v1 is documented."""
    guide = (ROOT / "docs" / "api.md").read_text()
    groups = {url.route.split("/")[2] for url in routes() if url.route.startswith("/v1/")}
    assert not {group for group in groups if f"/v1/{group}" not in guide}


def test_api_guide_signature_example_verifies_our_signature() -> None:
    """The example code for receivers verifies a real signature."""
    code = re.search(r"```python\n(?P<code>.+?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(code["code"], names)  # noqa: S102 - our own document
    is_genuine = names["is_genuine"]
    secret, other, body, now = new_secret(), new_secret(), '{"type":"document.completed"}', datetime.now(UTC)
    headers = signed_headers(uuid4(), body, (secret, other), now)
    assert is_genuine(secret, headers, body.encode())
    assert is_genuine(other, headers, body.encode())
    assert not is_genuine(new_secret(), headers, body.encode())
    assert not is_genuine(secret, headers, b"{}")
    stale = signed_headers(uuid4(), body, (secret,), now - timedelta(hours=1))
    assert not is_genuine(secret, stale, body.encode())


def test_api_guide_lists_every_conflict_type() -> None:
    """Clients handle each type of a 409, so the guide's table contains all of them."""
    guide = (ROOT / "docs" / "api.md").read_text()
    sources = [file.source for file in source_files(ROOT)]
    types = {name for source in sources for name in re.findall(r'Problem\(\s*409, "([a-z-]+)"', source)}
    assert "task-taken" in types
    assert sorted(name for name in types if f"`{name}`" not in guide) == []
