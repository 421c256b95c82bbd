"""Content negotiation for views that choose their own media type."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request


class IgnoreAcceptHeader(BaseContentNegotiation):
    """Ignore the Accept header: these views choose their own format."""

    def select_parser(self, request: Request, parsers: Any) -> Any:  # noqa: ANN401 - REST framework's signature
        """Return the first parser."""
        return parsers[0]

    def select_renderer(
        self,
        request: Request,
        renderers: Any,  # noqa: ANN401 - REST framework's signature
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Select JSON unless the view streams something else."""
        return JSONRenderer(), JSONRenderer.media_type
