"""Which issues still stand."""

from typing import Self, TypeVar

from django.db import models

from quality.domain.checks.several_documents import MAY_HOLD_SEVERAL
from refinery.core.tenancy.querysets import TenantQuerySet

Row = TypeVar("Row", bound=models.Model)


class IssueQuerySet(TenantQuerySet[Row]):
    """Issues, tenant first."""

    def standing(self, document: models.Model, run: int) -> Self:
        """Keep those of a run, in their order, less the suggestion to part a file that a person has answered."""
        rows = self.filter(document=document, run=run)
        return rows.exclude(code=MAY_HOLD_SEVERAL, overturned=True).order_by("id")
