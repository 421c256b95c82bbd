"""`manage.py write_reference`: write the generated pages of docs/reference from the registries (`make reference`)."""

from typing import Any

from django.core.management.base import BaseCommand

from refinery.api.reference import DIRECTORY, page_names, page_path, render_page


class Command(BaseCommand):
    """Write one page for each module of refinery.api.reference."""

    help = "Write the generated reference pages to docs/reference."
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every page and print its path."""
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        for name in page_names():
            page_path(name).write_text(render_page(name))
            self.stdout.write(str(page_path(name)))
