"""A document's own steps: begin, scan, judge, end."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone
from temporalio import activity

from ingestion.blobs import fetch
from ingestion.domain.formats.containers import ARCHIVES, MAILS
from ingestion.domain.ports import VirusScanner
from ingestion.models import Document
from ingestion.services.human_values import run_before_turn
from ingestion.services.reading import begin_run, fail_document, pass_scan, quarantine_document
from quality.domain.routing import Route
from quality.services.assess import Judgement, assess_document, judged_before, leave_to_people
from quality.services.rule_set import Engine
from refinery.core.webhooks.services import Event, emit
from review.domain.lifecycle import TaskKind
from review.services.reprocessings import run_before_rereading
from review.services.tasks import TaskRequest, excluded_before, open_task
from workers.activities.heartbeat import beating
from workers.activities.outcome_events import tell_of_end
from workers.activities.run_scope import ref_of, run_scope
from workers.messages import ARCHIVE, MAIL, Assessed, Begun, DocumentOrder, Ending, ScanAnswer

RECEIVED, ASSESSING = "RECEIVED", "ASSESSING"


class DocumentActivities:
    """Steps on the io queue; `scanner` is None where no virus scanner is set up."""

    def __init__(self, engine: Engine, scanner: VirusScanner | None = None, folder: Path | None = None) -> None:
        """Take what judging needs."""
        self._engine = engine
        self._scanner = scanner
        self._folder = folder

    @activity.defn
    def begin(self, order: DocumentOrder) -> Begun:
        """Set the document going; asks for a scan where there is a scanner and the file has not passed it."""
        status, media_type = begin_run(ref_of(order), scan=self._scanner is not None)
        box = ARCHIVE if media_type in ARCHIVES else MAIL if media_type in MAILS else ""
        ready = status.value == ASSESSING
        return Begun(status.value, scan=status.value == RECEIVED, box=box, ready=ready)

    @activity.defn
    def scan(self, order: DocumentOrder) -> ScanAnswer:
        """Look for malware; without an answer from the scanner the document waits."""
        if self._scanner is None:
            return ScanAnswer()
        with run_scope(order) as ref:
            blob_key = Document.objects.only("blob_key").get(tenant_id=ref.tenant_id, id=ref.document_id).blob_key
        with beating(), TemporaryDirectory(prefix="scan-", dir=self._folder, ignore_cleanup_errors=True) as name:
            verdict = self._scanner.scan(fetch(blob_key, Path(name) / "original"))
        return ScanAnswer(verdict.signature or "")

    @activity.defn
    def pass_scan(self, order: DocumentOrder) -> None:
        """Go on: the scanner found nothing."""
        pass_scan(ref_of(order))

    @activity.defn
    def assess(self, order: DocumentOrder) -> Assessed:
        """Judge, and open what the judgement asks of people, in one transaction."""
        with run_scope(order) as ref:
            before = judged_before(ref)
            if before:
                return Assessed(*before)
            people_of = run_before_rereading(ref) or run_before_turn(ref)
            judgement = assess_document(ref, self._engine, at=timezone.now(), people_of=people_of)
            if judgement.decision.outcome is Route.REVIEW:
                self._ask(order, judgement, TaskKind.REVIEW)
            elif judgement.audit:
                self._ask(order, judgement, TaskKind.AUDIT)
        return Assessed(judgement.decision.outcome.value, judgement.status.value)

    @activity.defn
    def assess_by_hand(self, order: DocumentOrder) -> Assessed:
        """Ask a person: no attempt to judge came through."""
        with run_scope(order) as ref:
            schema_key = leave_to_people(ref)
            if schema_key is not None:
                request = TaskRequest(
                    ref.tenant_id, ref.document_id, ref.run, schema_key, reasons=("not_assessed",), risk=1.0
                )
                open_task(request, at=timezone.now())
        return Assessed(Route.REVIEW.value, "IN_REVIEW")

    @activity.defn
    def end(self, ending: Ending) -> str:
        """End a run that nothing came out of; gives the document's status."""
        with run_scope(ending.order) as ref:
            finish = quarantine_document if ending.quarantine else fail_document
            finish(ref, ending.code, ending.detail)
            tell_of_end(ref)
        return "QUARANTINED" if ending.quarantine else "FAILED"

    def _ask(self, order: DocumentOrder, judgement: Judgement, kind: TaskKind) -> None:
        ref = ref_of(order)
        reasons = tuple(dict.fromkeys(reason.code for reason in judgement.decision.reasons))
        request = TaskRequest(
            tenant_id=ref.tenant_id,
            document_id=ref.document_id,
            run=ref.run,
            schema_key=judgement.schema_key,
            kind=kind,
            reasons=reasons,
            risk=judgement.decision.p_error,
            priority=judgement.priority,
            excluded_id=excluded_before(ref.tenant_id, ref.document_id),
        )
        opened = open_task(request, at=timezone.now())
        if kind is TaskKind.REVIEW:
            data = {"document": order.document, "run": order.run, "task": str(opened.task_id), "reasons": reasons}
            emit(Event("document.needs_review", ref.tenant_id, f"{order.document}/{order.run}", data))
