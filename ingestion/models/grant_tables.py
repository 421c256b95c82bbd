"""Grants of batches and documents to users and teams."""

from django.db import models

from ingestion.models.documents import Batch, Document
from refinery.core.tenancy.grants import TeamGrant, UserGrant


class BatchUserGrant(UserGrant):
    """Grant of a batch to a user."""

    content_object = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="user_grants")

    class Meta(UserGrant.Meta):
        db_table = "batch_user_grant"


class BatchTeamGrant(TeamGrant):
    """Grant of a batch to a team."""

    content_object = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="team_grants")

    class Meta(TeamGrant.Meta):
        db_table = "batch_team_grant"


class DocumentUserGrant(UserGrant):
    """Grant of a document to a user."""

    content_object = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="user_grants")

    class Meta(UserGrant.Meta):
        db_table = "document_user_grant"


class DocumentTeamGrant(TeamGrant):
    """Grant of a document to a team."""

    content_object = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="team_grants")

    class Meta(TeamGrant.Meta):
        db_table = "document_team_grant"
