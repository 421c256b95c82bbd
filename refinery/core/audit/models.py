"""Audit log: append-only, each row authenticated by a MAC, sealed in batches under each tenant's Merkle root.

Rows are written in the transaction of the action they record and sealed later: chaining row by row inside the
request would serialise all requests of a busy tenant. The MAC (keyed from SECRET_KEY) reveals rows that something
else inserted or changed, the seals reveal rows that were deleted.
"""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from refinery.core.audit.canonical import EVENT_SALT, SEAL_SALT, compute_mac, event_bytes, seal_bytes, sha256_hex
from refinery.core.database.models import TenantRow


class AuditEvent(TenantRow):
    """Recorded action of an actor: ids and codes only, never a document's text."""

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=12)  # user | service | system
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=32)
    object_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    mac = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        db_table = "audit_event"
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["tenant_id", "object_id", "at"], name="audit_object"),
            models.Index(fields=["tenant_id", "at"], name="audit_time"),
            BrinIndex(fields=["at"], name="audit_at_brin"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Set the MAC and insert the row; a row can be saved only once."""
        self.sign()
        super().save(*args, **{**kwargs, "force_insert": True})

    def sign(self) -> None:
        """Set the MAC."""
        self.mac = compute_mac(event_bytes(self), EVENT_SALT)

    def __str__(self) -> str:
        """Return the action and its object."""
        return f"{self.action} {self.object_type} {self.object_id}"


class AuditLeaf(TenantRow):
    """An event's position in a seal and its leaf hash, so that a broken seal can name the row that broke it."""

    event_id = models.UUIDField()
    seal = models.PositiveBigIntegerField()
    position = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_leaf"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "event_id"], name="audit_leaf_once"),
            models.UniqueConstraint(fields=["tenant_id", "seal", "position"], name="audit_leaf_place"),
        ]

    def __str__(self) -> str:
        """Return the seal's number and the position."""
        return f"seal {self.seal} position {self.position}"


class AuditSeal(TenantRow):
    """Batch of events under one Merkle root (RFC 6962), chained to the previous seal and signed."""

    number = models.PositiveBigIntegerField()
    first_event = models.UUIDField()
    last_event = models.UUIDField()
    events = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(default=timezone.now)
    signature = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        db_table = "audit_seal"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "number"], name="audit_seal_number")]

    def as_bytes(self) -> bytes:
        """Return the bytes covered by the signature and by `previous` of the next seal."""
        return seal_bytes(
            self.tenant_id,
            self.number,
            self.first_event,
            self.last_event,
            self.events,
            self.root,
            self.previous,
            self.sealed_at.timestamp(),
        )

    def digest(self) -> str:
        """Return the digest of the seal: the chain head to record outside of the database."""
        return sha256_hex(self.as_bytes())

    def sign(self) -> None:
        """Set the signature."""
        self.signature = compute_mac(self.as_bytes(), SEAL_SALT)

    def __str__(self) -> str:
        """Return the seal's number."""
        return f"seal {self.number}"
