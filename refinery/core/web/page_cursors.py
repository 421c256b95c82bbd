"""Pages of a list in an address: the cursor is the place of the last row shown, so that nothing shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.http import HttpRequest

from refinery.core.web.page_views import kept_query

Row = TypeVar("Row")
ROWS = 50


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Rows of one page of a list, and the cursor after them; empty when there are no more."""

    rows: Sequence[Row]
    after: str = ""

    def links(self, request: HttpRequest) -> dict[str, str]:
        """Give the addresses of the next and the first page, as the pager's template wants them."""
        rest = kept_query(request, "cursor")
        following = f"?{rest}&cursor={self.after}" if rest else f"?cursor={self.after}"
        return {
            "next_url": following if self.after else "",
            "first_url": (f"?{rest}" if rest else request.path) if request.GET.get("cursor") else "",
        }


def uuid_or_none(text: str) -> UUID | None:
    """Read an id from an address; what is none counts as not given."""
    try:
        return UUID(text)
    except ValueError:
        return None
