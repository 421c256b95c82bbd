"""Paginator and filters of the admin's lists that read a bounded number of rows, however many there are."""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, Final

from django.contrib.admin import AllValuesFieldListFilter, ModelAdmin
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest

COUNTED_TO: Final = 10_000
NEWEST_READ: Final = 2000


class EstimatedPaginator(Paginator[Any]):
    """Paginator with the exact number of rows up to COUNTED_TO, and the database's estimate of more."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows."""
        rows: Any = self.object_list
        rows = rows.order_by()
        number = int(rows[: COUNTED_TO + 1].count())
        if number <= COUNTED_TO:
            return number
        return max(number, int(json.loads(rows.explain(format="json"))[0]["Plan"]["Plan Rows"]))


class KnownValuesFilter(AllValuesFieldListFilter):
    """Filter by the known values of a column and those of the newest rows: Django's own reads all rows."""

    known: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        field: Any,  # noqa: ANN401 - Django's field, or its relation
        request: HttpRequest,
        params: dict[str, list[str]],
        model: type[Model],
        model_admin: "ModelAdmin[Any]",
        field_path: str,
    ) -> None:
        """Replace the choices of Django, a query that has not been executed yet."""
        super().__init__(field, request, params, model, model_admin, field_path)
        newest = model_admin.get_queryset(request).order_by("-pk").values_list(field_path, flat=True)[:NEWEST_READ]
        choices: Any = sorted({*self.known, *newest})  # Django goes through them, it needs no QuerySet
        self.lookup_choices = choices


def filter_of(known: Iterable[str]) -> type[KnownValuesFilter]:
    """Return the filter of a column with these values and those of the newest rows."""
    return type("FilterOfKnownValues", (KnownValuesFilter,), {"known": tuple(known)})
