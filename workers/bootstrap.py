"""Composition root of the workers: binds ports to adapters and loads heavy packages.

Each worker loads only what its queue needs: OCR for cpu; torch for gpu, in a child process that ends when idle.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from temporalio.client import Client
from temporalio.worker import Worker

from ingestion.adapters.clamd import scanner_at
from ingestion.adapters.formats.einvoice.schematron import missing_rules
from ingestion.adapters.formats.office.program import office_kind
from ingestion.adapters.sandbox.launcher import require_sandbox, sandbox_kind
from ingestion.adapters.sandbox.limits import SandboxLimits
from quality.adapters.code_tables import icd10cm
from quality.adapters.on_demand import TorchProcess
from quality.services.rule_set import AssessmentConfig
from refinery.core.idle_process import IdleProcess
from refinery.core.pollers import worker_identity
from refinery.core.web.office_install import is_office_awaited
from refinery.settings.env import Env
from workers import queues
from workers.activities.deliver_webhook import WebhookActivities
from workers.activities.document_steps import DocumentActivities
from workers.activities.make_export import ExportActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.read_region import RegionActivities, RegionRecords
from workers.activities.reprocess_document import ReprocessingActivities, ReprocessingRecords
from workers.activities.review_steps import HumanTaskActivities
from workers.activities.split_document import SplitActivities
from workers.activities.third_engine_lines import ThirdEngineActivities
from workers.activities.train_model import TrainingActivities, TrainingRecords
from workers.activities.unpack_container import ContainerActivities
from workers.activities.upkeep import UpkeepActivities
from workers.interceptors import ActivityErrorInterceptor
from workers.renditions import RenderingReader
from workers.workflows.document import DocumentWorkflow
from workers.workflows.export import ExportWorkflow
from workers.workflows.prune import PruneWorkflow
from workers.workflows.region import RegionWorkflow
from workers.workflows.reprocessing import ReprocessingWorkflow
from workers.workflows.review import ReviewWorkflow
from workers.workflows.training import TrainingWorkflow
from workers.workflows.upkeep import UpkeepWorkflow
from workers.workflows.webhook import WebhookWorkflow

if TYPE_CHECKING:
    from ingestion.adapters.sandbox.pool import SandboxPool

Activity = Callable[..., Any]
WORKFLOWS: Final = (
    DocumentWorkflow,
    ReviewWorkflow,
    WebhookWorkflow,
    TrainingWorkflow,
    ExportWorkflow,
    RegionWorkflow,
    ReprocessingWorkflow,
    UpkeepWorkflow,
    PruneWorkflow,
)
IO_SLOTS: Final = 8  # below the size of the database pool
SHUTDOWN_GRACE: Final = timedelta(seconds=10)


def assessment_config() -> AssessmentConfig:
    """Return the configuration for assessments."""
    return AssessmentConfig(codes=icd10cm, audit_secret=settings.SECRET_KEY.encode())


def io_activities(values: Env) -> list[Activity]:
    """Return the activities that wait for databases and networks."""
    config = assessment_config()
    document = DocumentActivities(config, scanner_at(values.clamd_address) if values.clamd_address else None)
    human_tasks, webhooks, training = HumanTaskActivities(config), WebhookActivities(), TrainingRecords()
    splitting = SplitActivities()
    upkeep, regions, candidates = UpkeepActivities(), RegionRecords(), ReprocessingRecords()
    return [
        document.begin,
        document.scan,
        document.pass_scan,
        document.assess,
        document.route_to_review,
        document.fail_or_quarantine,
        human_tasks.load_wait_state,
        human_tasks.remind_or_escalate,
        human_tasks.request_password,
        human_tasks.continue_with_password,
        human_tasks.finalize,
        human_tasks.finalize_correction,
        splitting.split_document,
        webhooks.deliver,
        webhooks.give_up,
        training.give_up,
        upkeep.seal_logs,
        upkeep.forget_counters,
        upkeep.forget_regions,
        upkeep.prune_rows,
        regions.give_up,
        candidates.complete_reprocessing,
        candidates.give_up_reprocessing,
    ]


def check_sandbox() -> None:
    """Raise SandboxRequired if the settings require bubblewrap and it does not work here."""
    if settings.SANDBOX_REQUIRED:
        require_sandbox()


@cache
def _reader_pool() -> "SandboxPool":
    """Return the pool of this process: its fork server holds the models once for documents and regions."""
    from ingestion.adapters.sandbox.pool import SandboxPool  # noqa: PLC0415 - heavy, needed by these queues only

    return SandboxPool(SandboxLimits(niceness=0))


def cpu_activities(values: Env) -> list[Activity]:
    """Return the reading and export activities; the readers themselves run in child processes."""
    from ingestion.adapters.exports.label_studio import LabelStudioExporter  # noqa: PLC0415 - heavy, needed by this queue only
    from ingestion.adapters.exports.searchable_pdf import SearchablePdfExporter  # noqa: PLC0415 - heavy, needed by this queue only
    from ingestion.adapters.formats.office.converter import LibreOfficeRenderer  # noqa: PLC0415 - heavy, needed by this queue only
    from ingestion.adapters.reader.environment import reading_fingerprint  # noqa: PLC0415 - heavy, needed by this queue only
    from ingestion.adapters.reader.page_reader import SandboxedPageReader  # noqa: PLC0415 - heavy, needed by this queue only
    from ingestion.adapters.reader.unpacker import SandboxedUnpacker  # noqa: PLC0415 - heavy, needed by this queue only

    check_sandbox()
    exports = ExportActivities({"label-studio": LabelStudioExporter(), "pdf": SearchablePdfExporter()})
    reader = SandboxedPageReader(_reader_pool())
    reader.prepare()
    containers = ContainerActivities(SandboxedUnpacker(reader.pool))
    page_reader = RenderingReader(reader, LibreOfficeRenderer(), lambda: is_office_awaited(values.refinery_var))
    return [
        ReadingActivities(
            page_reader, settings_digest=reading_fingerprint, third_engine=bool(values.trocr_weights)
        ).read_pages,
        ReprocessingActivities(page_reader, settings_digest=reading_fingerprint).reprocess_pages,
        containers.unpack,
        containers.skip_attachments,
        exports.make,
        exports.give_up,
    ]


def interactive_activities(_: Env) -> list[Activity]:
    """Return the activities that a person waits for, at normal priority."""
    from ingestion.adapters.formats.office.converter import LibreOfficeRenderer  # noqa: PLC0415 - heavy, needed by this queue only
    from ingestion.adapters.reader.page_reader import SandboxedPageReader  # noqa: PLC0415 - heavy, needed by this queue only

    check_sandbox()
    reader = SandboxedPageReader(_reader_pool())
    reader.prepare()
    return [RegionActivities(RenderingReader(reader, LibreOfficeRenderer())).read_region]


def gpu_activities(values: Env) -> list[Activity]:
    """Return training and, if its weights are configured, the third engine; they use the CPU without a GPU."""
    process = IdleProcess()
    training = TrainingActivities(TorchProcess(process)).train
    if not values.trocr_weights:
        return [training]
    from ingestion.adapters.ocr.trocr_process import TrOcrProcess  # noqa: PLC0415 - heavy, needed by this queue only
    from ingestion.adapters.vision.line_images import CroppedLineReader  # noqa: PLC0415 - heavy, needed by this queue only

    lines = ThirdEngineActivities(CroppedLineReader(TrOcrProcess(Path(values.trocr_weights), process)))
    return [training, lines.read_doubted_lines, lines.read_reprocessing_lines]


ACTIVITIES: Final = {
    queues.IO: io_activities,
    queues.CPU: cpu_activities,
    queues.INTERACTIVE: interactive_activities,
    queues.GPU: gpu_activities,
}


def worker_slots(queue: str, values: Env) -> int:
    """Return how many activities a worker of this queue runs concurrently."""
    own = {queues.IO: IO_SLOTS, queues.CPU: values.refinery_cpu_slots, queues.INTERACTIVE: 1, queues.GPU: 1}
    return own[queue]


def worker_facts(queue: str, values: Env) -> dict[str, str]:
    """Return facts that only a worker of this queue knows, for `/readyz`."""
    if queue == queues.CPU:
        rules = "own" if missing_rules() else "official"
        return {"sandbox": sandbox_kind(), "office": office_kind(), "einvoice": rules}
    return {"scan": "on" if values.clamd_address else "off"} if queue == queues.IO else {}


def build_worker(client: Client, queue: str, values: Env, activities: Sequence[Activity] | None = None) -> Worker:
    """Build the worker of one queue; `activities` replaces the default ones in tests."""
    count = worker_slots(queue, values)
    return Worker(
        client,
        task_queue=queue,
        identity=worker_identity(worker_facts(queue, values)),
        workflows=WORKFLOWS if queue == queues.IO else (),
        activities=ACTIVITIES[queue](values) if activities is None else activities,
        activity_executor=ThreadPoolExecutor(count, thread_name_prefix=f"{queue}-"),
        max_concurrent_activities=count,
        max_concurrent_local_activities=count,
        interceptors=[ActivityErrorInterceptor()],
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
    )
