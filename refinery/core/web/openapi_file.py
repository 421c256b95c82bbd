"""Committed copy of the OpenAPI schema, so that changes of the API are visible in a commit's diff."""

import json
from typing import Any, Final

from drf_spectacular.generators import SchemaGenerator

from refinery.settings.env import ROOT

OPENAPI_FILE: Final = ROOT / "docs" / "reference" / "openapi.json"


def openapi_text() -> str:
    """Return the schema of the API as JSON with sorted keys, so that a small change makes a small diff."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # spectacular leaves it unannotated
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"
