"""Documents as the API answers them."""

from typing import Any

from rest_framework import serializers

from ingestion.domain.formats.containers import Why
from ingestion.models import Document


class DocumentAnswer(serializers.ModelSerializer[Document]):
    """A document as the API shows it."""

    schema = serializers.CharField(source="schema_key")
    batch = serializers.UUIDField(source="batch_id", allow_null=True)
    supersedes = serializers.UUIDField(source="supersedes_id", allow_null=True)
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]  # the API's name
    parent_pages = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="of a part of a split file: its pages there"
    )
    children = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = (
            "id", "filename", "external_id", "sha256", "size", "media_type", "status", "stage", "run", "schema",
            "pages", "pages_failed", "priority", "metadata", "batch", "supersedes", "parent", "part", "part_name",
            "parent_pages",
            "children", "attachments", "letterhead", "duplicates",
            "error_code", "created_at", "updated_at", "decided_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_children(self, document: Document) -> str:
        """Give the address of the documents that came out of this one."""
        return f"/v1/documents?parent={document.pk}"


class LeftOutAnswer(serializers.Serializer[Any]):
    """A file of a container that is no document, and why."""

    part = serializers.IntegerField()
    name = serializers.CharField()
    why = serializers.ChoiceField([why.value for why in Why])
