"""Activities of one document run: begin, scan, assess, end."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone
from temporalio import activity

from ingestion.blobs import download_blob
from ingestion.domain.formats.registry import ARCHIVES, MAILS
from ingestion.domain.ports import VirusScanner
from ingestion.models import Document
from ingestion.services.human_values import run_before_rotation
from ingestion.services.reading import begin_run, fail_document, pass_scan, quarantine_document
from ingestion.services.reprocessings import run_before_reprocessing
from quality.domain.routing import Route
from quality.services.assess import DocumentAssessment, assess_document, existing_decision, send_to_review
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import release_connection
from refinery.core.webhooks.services import WebhookEvent, emit
from review.domain.lifecycle import TaskKind
from review.services.tasks import TaskRequest, open_task, previously_excluded_reviewer
from workers.activities.cpu_limit import cpu_limit
from workers.activities.heartbeat import heartbeats
from workers.activities.outcome_events import emit_run_completed
from workers.activities.run_scope import ref_of, run_scope
from workers.messages import ARCHIVE, MAIL, AssessResult, BeginResult, DocumentFailure, DocumentInput, ScanOutcome

RECEIVED, ASSESSING = "RECEIVED", "ASSESSING"


class DocumentActivities:
    """Activities on the io queue; `scanner` is None where no virus scanner is configured."""

    def __init__(
        self, config: AssessmentConfig, scanner: VirusScanner | None = None, folder: Path | None = None
    ) -> None:
        """Store the assessment configuration, the scanner and the folder for temporary files."""
        self._config = config
        self._scanner = scanner
        self._folder = folder

    @activity.defn
    def begin(self, document_input: DocumentInput) -> BeginResult:
        """Begin the run; request a scan if a scanner exists and the file has not passed it yet."""
        status, media_type = begin_run(ref_of(document_input), scan=self._scanner is not None)
        container_kind = ARCHIVE if media_type in ARCHIVES else MAIL if media_type in MAILS else ""
        pages_ready = status.value == ASSESSING
        return BeginResult(
            status.value, scan=status.value == RECEIVED, container_kind=container_kind, pages_ready=pages_ready
        )

    @activity.defn
    def scan(self, document_input: DocumentInput) -> ScanOutcome:
        """Scan for malware; the document waits while the scanner does not answer."""
        if self._scanner is None:
            return ScanOutcome()
        with run_scope(document_input) as ref:
            blob_key = Document.objects.only("blob_key").get(tenant_id=ref.tenant_id, id=ref.document_id).blob_key
        release_connection()
        with heartbeats(), TemporaryDirectory(prefix="scan-", dir=self._folder, ignore_cleanup_errors=True) as name:
            verdict = self._scanner.scan(download_blob(blob_key, Path(name) / "original"))
        return ScanOutcome(verdict.signature or "")

    @activity.defn
    def pass_scan(self, document_input: DocumentInput) -> None:
        """Continue the run after a clean scan."""
        pass_scan(ref_of(document_input))

    @activity.defn
    def assess(self, document_input: DocumentInput) -> AssessResult:
        """Assess the document and open the resulting review or audit task in the same transaction.

        Its processor time is limited, and so are the attempts that end with the worker instead of an answer.
        """
        with heartbeats() as heartbeat, cpu_limit(), run_scope(document_input) as ref:
            existing = existing_decision(ref)
            if existing:
                return AssessResult(*existing)
            heartbeat.start(0)
            human_values_run = run_before_reprocessing(ref) or run_before_rotation(ref)
            assessment = assess_document(ref, self._config, at=timezone.now(), human_values_run=human_values_run)
            if assessment.decision.outcome is Route.REVIEW:
                self._open_review_task(document_input, assessment, TaskKind.REVIEW)
            elif assessment.audit:
                self._open_review_task(document_input, assessment, TaskKind.AUDIT)
        return AssessResult(assessment.decision.outcome.value, assessment.status.value)

    @activity.defn
    def route_to_review(self, document_input: DocumentInput) -> AssessResult:
        """Route the document to review because no assessment attempt succeeded."""
        with run_scope(document_input) as ref:
            schema_key = send_to_review(ref)
            if schema_key is not None:
                request = TaskRequest(
                    ref.tenant_id, ref.document_id, ref.run, schema_key, reasons=("not_assessed",), risk=1.0
                )
                open_task(request, at=timezone.now())
        return AssessResult(Route.REVIEW.value, "IN_REVIEW")

    @activity.defn
    def fail_or_quarantine(self, failure: DocumentFailure) -> str:
        """End a run that produced no result and return the document's status."""
        with run_scope(failure.document_input) as ref:
            finish = quarantine_document if failure.quarantine else fail_document
            finish(ref, failure.code, failure.detail)
            emit_run_completed(ref)
        return "QUARANTINED" if failure.quarantine else "FAILED"

    def _open_review_task(self, document_input: DocumentInput, assessment: DocumentAssessment, kind: TaskKind) -> None:
        ref = ref_of(document_input)
        reasons = tuple(dict.fromkeys(reason.code for reason in assessment.decision.reasons))
        request = TaskRequest(
            tenant_id=ref.tenant_id,
            document_id=ref.document_id,
            run=ref.run,
            schema_key=assessment.schema_key,
            kind=kind,
            reasons=reasons,
            risk=assessment.decision.p_error,
            priority=assessment.priority,
            excluded_id=previously_excluded_reviewer(ref.tenant_id, ref.document_id),
        )
        opened = open_task(request, at=timezone.now())
        if kind is TaskKind.REVIEW:
            data = {
                "document": document_input.document,
                "run": document_input.run,
                "task": str(opened.task_id),
                "reasons": reasons,
            }
            emit(
                WebhookEvent(
                    "document.needs_review", ref.tenant_id, f"{document_input.document}/{document_input.run}", data
                )
            )
