"""Static files in production: every file has a hashed name, and every module import uses it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from django.conf import settings as real
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import override_settings

from refinery.settings import base
from refinery.settings.env import ROOT

IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+|/[^"']+)["']""")
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield all static files, collected once as in production."""
    place = tmp_path_factory.mktemp("static")
    storages = {**real.STORAGES, "staticfiles": base.STORAGES["staticfiles"]}
    with override_settings(STORAGES=storages, STATIC_ROOT=place):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield place


def hashed_names(collected: Path) -> dict[str, str]:
    """Return the hashed name of each file from the manifest."""
    found: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return found


def imports(script: Path) -> list[str]:
    """Return the imports of a script, without those in comments."""
    return IMPORT.findall(COMMENT.sub("", script.read_text()))


def test_static_module_imports_resolve_to_hashed_files(collected: Path) -> None:
    """In each module of the project; no file keeps its plain name."""
    names = hashed_names(collected)
    ours = {name: hashed for name, hashed in names.items() if name.startswith("js/") and name.endswith(".js")}
    assert set(ours) == {str(path.relative_to(ROOT / "static")) for path in (ROOT / "static/js").rglob("*.js")}
    wrong, followed = [], 0
    for name, hashed in ours.items():
        source = imports(ROOT / "static" / name)
        followed += len(source)
        wanted = [names[normpath(join(dirname(name), each))] for each in source]
        found = [normpath(join(dirname(hashed), each)) for each in imports(collected / hashed)]
        wrong += [(name, found)] if found != wanted else []
    assert wrong == []
    assert followed > 50


def test_static_third_party_imports_resolve_to_existing_files(collected: Path) -> None:
    """Third-party scripts are served unchanged, and their imports exist."""
    scripts = [name for name in hashed_names(collected).values() if name.endswith(".js")]
    assert len(scripts) > 60
    lost = [
        (name, each)
        for name in scripts
        for each in imports(collected / name)
        if not each.startswith("/") and not (collected / normpath(join(dirname(name), each))).exists()
    ]
    assert lost == []


def test_static_hashed_modules_differ_only_in_imports(collected: Path) -> None:
    """Nothing else in a file changes."""
    for name, hashed in hashed_names(collected).items():
        if name.startswith("js/"):
            plain = re.sub(r"\.[0-9a-f]{12}(?=\.js\")", "", (collected / hashed).read_text())
            assert plain == (ROOT / "static" / name).read_text(), name


@pytest.mark.usefixtures("collected")
def test_rendered_page_uses_hashed_local_files_only() -> None:
    """The CSP allows scripts and styles from 'self' only."""
    page = render_to_string("tenancy/sign_in.html")
    asked = re.findall(r"""<(?:script|link)[^>]*(?:src|href)="([^"]+)\"""", page)
    files = [address for address in asked if address.startswith("/static/")]
    assert len(files) > 4
    assert [address for address in files if not HASHED.search(address)] == []
    assert [address for address in asked if "//" in address] == []
