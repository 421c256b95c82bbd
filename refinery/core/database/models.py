"""Base models of all tenant rows: an id that sorts by time, and the tenant."""

from typing import ClassVar

from django.db import models

from refinery.core.database.ids import new_id


class UuidRow(models.Model):
    """Row with a UUID version 7 as primary key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class TenantRow(UuidRow):
    """Row under row level security; a plain column avoids a foreign key from the kernel to an app above it."""

    tenant_id = models.UUIDField(editable=False, db_index=False)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = []
