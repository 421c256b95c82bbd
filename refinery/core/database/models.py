"""What every tenant row has: an id that sorts by time, and its tenant."""

from typing import ClassVar

from django.db import models

from refinery.core.database.ids import new_id


class Identified(models.Model):
    """A row with a UUID version 7 as primary key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class TenantRow(Identified):
    """A row below the tenant wall; the plain column keeps the kernel free of upward foreign keys."""

    tenant_id = models.UUIDField(editable=False, db_index=False)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = []
