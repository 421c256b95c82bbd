"""Reference page of the environment variables."""

from pathlib import Path

from refinery.api.markdown import table
from refinery.settings.env import ROOT, Env

INTRODUCTION = """# Settings

Environment variables, read once at start by `refinery/settings/env.py`. An empty variable counts as not set.
Thresholds, quotas and limits of one tenant are set at `/admin/`.
"""


def render() -> str:
    """Return the page; a default that is a path is shown relative to the project's folder."""
    rows = []
    for name, field in Env.model_fields.items():
        shown = field.default.relative_to(ROOT) if isinstance(field.default, Path) else field.default
        rows.append((f"`{name.upper()}`", f"`{shown}`" if shown != "" else "(empty)", field.description or ""))
    return f"{INTRODUCTION}\n{table(('Variable', 'Default', 'Meaning'), rows)}\n"
