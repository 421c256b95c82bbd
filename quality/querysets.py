"""Querysets of issues."""

from typing import Self, TypeVar
from uuid import UUID

from django.db import models

from ingestion.querysets import DocumentRowQuerySet
from quality.domain.checks.several_documents import MULTIPLE_DOCUMENTS

Row = TypeVar("Row", bound=models.Model)


class IssueQuerySet(DocumentRowQuerySet[Row]):
    """Issues, filtered by tenant."""

    def of_run(self, document_id: UUID, run: int) -> Self:
        """Return the issues of a run in order, without a split suggestion that a person has rejected."""
        rows = self.filter(document_id=document_id, run=run)
        return rows.exclude(code=MULTIPLE_DOCUMENTS, overturned=True).order_by("id")
