"""docs/reference/openapi.json is the API that the program serves."""

import json
from collections.abc import Iterator
from typing import Any

from django.test import Client

from refinery.core.web.openapi import OPENAPI_FILE, openapi_text

RENEW = "run `make openapi`, read the diff and commit it together with the change of the API"


def differences(committed: Any, served: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Return the paths of the members that differ, each with what happened to it."""
    if isinstance(committed, dict) and isinstance(served, dict):
        for name in sorted({*committed, *served}):
            inner = f"{path} > {name}" if path else name
            if name not in served:
                yield f"removed: {inner}"
            elif name not in committed:
                yield f"added: {inner}"
            else:
                yield from differences(committed[name], served[name], inner)
    elif committed != served:
        yield f"changed: {path}"


def test_the_committed_openapi_file_equals_what_the_program_serves() -> None:
    committed = json.loads(OPENAPI_FILE.read_text(encoding="utf-8"))
    served = Client().get("/v1/schema").json()
    found = list(differences(committed, served))
    assert not found, f"{OPENAPI_FILE.name} is out of date; {RENEW}:\n" + "\n".join(found[:40])


def test_the_committed_openapi_file_has_sorted_keys() -> None:
    assert OPENAPI_FILE.read_text(encoding="utf-8") == openapi_text(), RENEW


def test_differences_name_what_was_added_removed_and_changed() -> None:
    committed = {"paths": {"/a": {"get": 1}, "/b": {}}, "info": [1]}
    served = {"paths": {"/a": {"get": 2}, "/c": {}}, "info": [1]}
    assert list(differences(committed, served)) == [
        "changed: paths > /a > get",
        "removed: paths > /b",
        "added: paths > /c",
    ]
