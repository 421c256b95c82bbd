"""Cursor pagination, newest first: `next` continues below the position of the last row, so new rows shift no page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.web.problems import Problem
from refinery.core.web.whole_numbers import whole_number

if TYPE_CHECKING:  # rest_framework.views imports this module for its defaults
    from rest_framework.views import APIView

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


def bad_cursor() -> Problem:
    """Return the problem for an invalid cursor."""
    return Problem(400, "bad-cursor", "Bad cursor", "Take `next` from the page before.")


class KeysetPagination(CursorPagination):
    """`?limit=&cursor=`: the position is the id (UUID version 7 sorts by time), so each row has its own.

    For rows whose ids do not sort by time, `moment` names the column that does: a time in microseconds. Rows of the
    same moment are sorted by id, and a page that ends between two of them continues with an offset.
    """

    page_size = DEFAULT_LIMIT

    def __init__(self, moment: str = "") -> None:
        """Store the column that precedes the id in the order."""
        self.ordering = (f"-{moment}", "-pk") if moment else ("-pk",)

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any] | None:
        """Return a page; one extra row is fetched to see whether there is a next one."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except ValidationError as reason:  # the position is not a value of the column
            raise bad_cursor() from reason

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the position in the query, None for the first page. Raises Problem 400."""
        if not request.query_params.get(self.cursor_query_param):
            return None
        try:
            cursor = super().decode_cursor(request)
        except NotFound as reason:
            raise bad_cursor() from reason
        if cursor is None or (cursor.position is None and not cursor.offset):
            raise bad_cursor()
        return cursor

    def get_page_size(self, request: Request) -> int:
        """Return the limit in the query. Raises Problem 400."""
        limit = whole_number(request.query_params.get("limit", str(DEFAULT_LIMIT)), 1, MAX_LIMIT)
        if limit is None:
            raise Problem(400, "bad-limit", "Bad limit", f"`limit` is a number from 1 to {MAX_LIMIT}.")
        return limit

    def get_paginated_response(self, data: Any) -> Response:  # noqa: ANN401 - serialised rows
        """Return {"results": [...], "next": url or null}."""
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the envelope in OpenAPI."""
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": {"type": ["string", "null"], "format": "uri"}},
        }

    def get_schema_operation_parameters(self, view: "APIView") -> list[dict[str, Any]]:
        """Describe `limit` and `cursor` in OpenAPI."""
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "part of `next` of the page before",
                "schema": {"type": "string"},
            },
        ]


class SinglePage(KeysetPagination):
    """Description of lists that are always whole: the same envelope, without parameters."""

    def get_schema_operation_parameters(self, view: "APIView") -> list[dict[str, Any]]:
        """Return none."""
        return []
