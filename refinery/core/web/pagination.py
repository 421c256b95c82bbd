"""Keyset pagination, newest first: `next` continues below the last id, so new rows do not shift the pages."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from refinery.core.web.problems import Problem
from refinery.core.web.whole_numbers import whole_number

if TYPE_CHECKING:  # rest_framework.views imports this module for its defaults
    from rest_framework.views import APIView

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


def bad_cursor() -> Problem:
    """Return the problem for an invalid cursor."""
    return Problem(400, "bad-cursor", "Bad cursor", "Take `next` from the page before.")


class KeysetPagination(BasePagination):
    """`?limit=&cursor=`: the cursor is the last id of the previous page (UUID version 7 sorts by time).

    For rows whose ids do not sort by time, `moment` names the column that does.
    """

    def __init__(self, moment: str = "") -> None:
        """Store the column that precedes the id in the order."""
        self.moment = moment

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any] | None:
        """Return a page; one extra row is fetched to see whether there is a next one."""
        if not isinstance(queryset, QuerySet):
            message = "pages are cut from rows"
            raise TypeError(message)
        self.limit = self._limit(request)
        self.request = request
        cursor = request.query_params.get("cursor")
        if cursor:
            queryset = queryset.filter(self._below(queryset, self._id(cursor)))
        order = (f"-{self.moment}", "-pk") if self.moment else ("-pk",)
        rows: list[Model] = list(queryset.order_by(*order)[: self.limit + 1])
        self.more = len(rows) > self.limit
        self.last = rows[self.limit - 1].pk if self.more else None
        return rows[: self.limit]

    def get_paginated_response(self, data: Any) -> Response:  # noqa: ANN401 - serialised rows
        """Return {"results": [...], "next": url or null}."""
        following = None
        if self.more:
            following = replace_query_param(self.request.build_absolute_uri(), "cursor", str(self.last))
        return Response({"results": data, "next": following})

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
                "schema": {"type": "string", "format": "uuid"},
            },
        ]

    def _below(self, queryset: QuerySet[Any], last: UUID) -> Q:
        if not self.moment:
            return Q(pk__lt=last)
        at = queryset.filter(pk=last).values_list(self.moment, flat=True).first()
        if at is None:
            raise bad_cursor()
        return Q(**{f"{self.moment}__lt": at}) | Q(**{self.moment: at, "pk__lt": last})

    @staticmethod
    def _id(cursor: str) -> UUID:
        try:
            return UUID(cursor)
        except ValueError as reason:
            raise bad_cursor() from reason

    @staticmethod
    def _limit(request: Request) -> int:
        given = request.query_params.get("limit", str(DEFAULT_LIMIT))
        limit = whole_number(given, 1, MAX_LIMIT)
        if limit is None:
            raise Problem(400, "bad-limit", "Bad limit", f"`limit` is a number from 1 to {MAX_LIMIT}.")
        return limit


class SinglePage(KeysetPagination):
    """Description of lists that are always whole: the same envelope, without parameters."""

    def get_schema_operation_parameters(self, view: "APIView") -> list[dict[str, Any]]:
        """Return none."""
        return []
