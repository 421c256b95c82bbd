"""`manage.py repair_store`: compare the file store with the database; `--fix` deletes what is damaged or left over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from refinery.api.store_repair import MIN_AGE, FaultKind, find_faults, interrupted_writes, repair_fault
from refinery.core.audit.tenants import tenants_with_log


class Command(BaseCommand):
    """Check every tenant's files; safe while the program runs."""

    help = (
        "Prints a line for each missing, damaged, unreferenced or interrupted file. --fix deletes all but the missing: "
        "uploading the same bytes again stores a deleted file again. Ends with status 1 while files are missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option."""
        parser.add_argument("--fix", action="store_true", help="delete damaged, unreferenced and interrupted files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all tenants, then the writes that were interrupted."""
        before, lost = timezone.now() - MIN_AGE, False
        for tenant_id in tenants_with_log():
            for fault in find_faults(tenant_id, before):
                self.stdout.write(f"{fault.kind} {fault.key}")
                lost = lost or fault.kind in {FaultKind.MISSING, FaultKind.DAMAGED}
                if options["fix"]:
                    repair_fault(tenant_id, fault)
        for part in interrupted_writes(before):
            self.stdout.write(f"{FaultKind.INTERRUPTED} {part}")
            if options["fix"]:
                part.unlink(missing_ok=True)
        if lost:
            raise SystemExit(1)
