"""Pagination of page lists in the URL: the cursor is the position of the last row, so that nothing shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.http import HttpRequest

from refinery.core.web.page_views import query_string_without

RowT = TypeVar("RowT")
ROWS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[RowT]):
    """Rows of one page of a list, and the cursor after them; empty if there are no more."""

    rows: Sequence[RowT]
    after: str = ""

    def links(self, request: HttpRequest) -> dict[str, str]:
        """Return the URLs of the next and the first page, as the pager's template needs them."""
        rest = query_string_without(request, "cursor")
        following = f"?{rest}&cursor={self.after}" if rest else f"?cursor={self.after}"
        return {
            "next_url": following if self.after else "",
            "first_url": (f"?{rest}" if rest else request.path) if request.GET.get("cursor") else "",
        }


def uuid_or_none(text: str) -> UUID | None:
    """Return an id from the query; an invalid one counts as missing."""
    try:
        return UUID(text)
    except ValueError:
        return None
