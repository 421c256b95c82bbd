"""`manage.py environment`: every variable that Refinery reads, as the table of docs/operations.md."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from refinery.settings.env import ROOT, Env


def table() -> str:
    """Write the table; a default that is a path is told from the project's folder."""
    lines = ["| Variable | Default | What it is |", "| --- | --- | --- |"]
    for name, field in Env.model_fields.items():
        default = field.default
        shown = default.relative_to(ROOT) if isinstance(default, Path) else default
        lines.append(f"| `{name.upper()}` | {f'`{shown}`' if shown != '' else '(empty)'} | {field.description} |")
    return "\n".join(lines)


class Command(BaseCommand):
    """Print the table."""

    help = "Print every environment variable with its default and meaning, as a Markdown table."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Print the table."""
        self.stdout.write(table())
