"""REST resources of documents."""

from typing import Any

from rest_framework import serializers

from ingestion.domain.formats.containers import SkipReason
from ingestion.models import Document


class DocumentResponse(serializers.ModelSerializer[Document]):
    """Document as returned by the API."""

    schema = serializers.CharField(source="schema_key")
    batch = serializers.UUIDField(source="batch_id", allow_null=True)
    supersedes = serializers.UUIDField(source="supersedes_id", allow_null=True)
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]  # the API's name
    parent_pages = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="of a child document of a split file: its pages in that file",
    )
    metadata = serializers.DictField()
    mail_headers = serializers.DictField(allow_null=True)
    children = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = (
            "id filename external_id sha256 size media_type status stage run schema pages pages_failed priority "
            "metadata batch supersedes parent part part_name parent_pages children attachments mail_headers "
            "duplicates error_code created_at updated_at decided_at"
        ).split()
        read_only_fields = fields

    def get_children(self, document: Document) -> str:
        """Return the URL of the child documents."""
        return f"/v1/documents?parent={document.pk}"


class SkippedFileResponse(serializers.Serializer[Any]):
    """File of a container that did not become a document, with the reason."""

    part = serializers.IntegerField()
    name = serializers.CharField()
    reason = serializers.ChoiceField([why.value for why in SkipReason])
