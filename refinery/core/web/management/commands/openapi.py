"""`manage.py openapi`: regenerate docs/reference/openapi.json (`make openapi`)."""

from typing import Any

from django.core.management.base import BaseCommand

from refinery.core.web.openapi import OPENAPI_FILE, openapi_text


class Command(BaseCommand):
    """Write the OpenAPI file."""

    help = "Write the OpenAPI file of the API to docs/reference/openapi.json."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and print its path."""
        OPENAPI_FILE.parent.mkdir(parents=True, exist_ok=True)
        OPENAPI_FILE.write_text(openapi_text(), encoding="utf-8")
        self.stdout.write(str(OPENAPI_FILE))
