"""The one place where workers are put together: ports get their adapters here, and heavy packages are loaded here.

Only the worker of a queue loads what that queue needs: OCR for cpu, torch for gpu at its first training.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from temporalio.client import Client
from temporalio.worker import Worker

from ingestion.adapters.clamd import scanner_at
from ingestion.adapters.formats.office.program import office_kind
from ingestion.adapters.sandbox.launcher import sandbox_kind
from quality.adapters.code_tables import icd10cm
from quality.adapters.on_demand import OnDemandRuntime
from quality.services.rule_set import Engine
from refinery.core.pollers import own_name
from refinery.settings.env import Env
from workers import queues
from workers.activities.deliver_webhook import WebhookActivities
from workers.activities.document_steps import DocumentActivities
from workers.activities.make_export import ExportActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.read_region import RegionActivities, RegionRecords
from workers.activities.reprocess_document import CandidateActivities, CandidateRecords
from workers.activities.review_steps import DeskActivities
from workers.activities.split_document import SplitActivities
from workers.activities.third_engine_lines import LineActivities
from workers.activities.train_model import TrainingActivities, TrainingRecords
from workers.activities.unpack_container import ContainerActivities
from workers.activities.upkeep import UpkeepActivities
from workers.interceptors import ActivityFrame
from workers.renditions import PaperReader
from workers.workflows.document import DocumentWorkflow
from workers.workflows.export import ExportWorkflow
from workers.workflows.region import RegionWorkflow
from workers.workflows.reprocessing import CandidateWorkflow
from workers.workflows.review import ReviewWorkflow
from workers.workflows.training import TrainingWorkflow
from workers.workflows.upkeep import UpkeepWorkflow
from workers.workflows.webhook import WebhookWorkflow

Activity = Callable[..., Any]
WORKFLOWS: Final = (
    DocumentWorkflow,
    ReviewWorkflow,
    WebhookWorkflow,
    TrainingWorkflow,
    ExportWorkflow,
    RegionWorkflow,
    CandidateWorkflow,
    UpkeepWorkflow,
)
IO_SLOTS: Final = 8  # below the size of the database pool
GRACE: Final = timedelta(seconds=10)


def engine() -> Engine:
    """Put together what judging needs."""
    return Engine(codes=icd10cm, audit_secret=settings.SECRET_KEY.encode())


def io_activities(values: Env) -> list[Activity]:
    """The steps that wait for databases and networks."""
    judging = engine()
    document = DocumentActivities(judging, scanner_at(values.clamd_address) if values.clamd_address else None)
    desk, webhooks, training = DeskActivities(judging), WebhookActivities(), TrainingRecords()
    parting = SplitActivities()
    upkeep, regions, candidates = UpkeepActivities(), RegionRecords(), CandidateRecords()
    return [
        document.begin,
        document.scan,
        document.pass_scan,
        document.assess,
        document.assess_by_hand,
        document.end,
        desk.look_at_desk,
        desk.press,
        desk.ask_for_password,
        desk.take_password,
        desk.settle,
        desk.settle_again,
        parting.part_file,
        webhooks.deliver,
        webhooks.give_up,
        training.give_up,
        upkeep.seal_logs,
        upkeep.forget_counters,
        upkeep.forget_regions,
        regions.give_up,
        candidates.weigh_candidate,
        candidates.give_up_candidate,
    ]


def cpu_activities(values: Env) -> list[Activity]:
    """Reading and exports; the readers themselves run in child processes."""
    from ingestion.adapters.formats.office.converter import LibreOffice  # noqa: PLC0415 - as above
    from ingestion.adapters.reader.environment import reading_settings  # noqa: PLC0415 - the heavy part of this queue alone
    from ingestion.adapters.reader.page_reader import SandboxedPageReader  # noqa: PLC0415 - as above
    from ingestion.adapters.reader.unpacker import SandboxedUnpacker  # noqa: PLC0415 - as above
    from review.adapters.label_studio import LabelStudioMaker  # noqa: PLC0415 - as above
    from review.adapters.searchable_pdf import SearchablePdfMaker  # noqa: PLC0415 - as above

    exports = ExportActivities({"label-studio": LabelStudioMaker(), "pdf": SearchablePdfMaker()})
    reader = SandboxedPageReader()
    reader.prepare()
    boxes = ContainerActivities(SandboxedUnpacker(reader.nursery))
    papers = PaperReader(reader, LibreOffice())
    return [
        ReadingActivities(papers, named=reading_settings, third=bool(values.trocr_weights)).read_pages,
        CandidateActivities(papers, named=reading_settings).read_candidate,
        boxes.unpack,
        boxes.leave_attachments,
        exports.make,
        exports.give_up,
    ]


def now_activities(_: Env) -> list[Activity]:
    """What a person waits for: a reader with a warm child of its own, which steps back for nobody."""
    from ingestion.adapters.formats.office.converter import LibreOffice  # noqa: PLC0415 - as above
    from ingestion.adapters.reader.page_reader import SandboxedPageReader  # noqa: PLC0415 - as above
    from ingestion.adapters.sandbox.limits import ChildLimits  # noqa: PLC0415 - the heavy part of this queue alone
    from ingestion.adapters.sandbox.pool import Nursery  # noqa: PLC0415 - as above

    reader = SandboxedPageReader(Nursery(ChildLimits(behind=0)))
    reader.prepare()
    return [RegionActivities(PaperReader(reader, LibreOffice())).read_region]


def gpu_activities(values: Env) -> list[Activity]:
    """Training, and a third engine where its weights are named; on the CPU where there is no GPU."""
    training = TrainingActivities(OnDemandRuntime()).train
    if not values.trocr_weights:
        return [training]
    from ingestion.adapters.ocr.trocr import TrOcrEngine  # noqa: PLC0415 - as above
    from ingestion.adapters.vision.line_images import PictureLines  # noqa: PLC0415 - the heavy part of this queue alone

    lines = LineActivities(PictureLines(TrOcrEngine(Path(values.trocr_weights))))
    return [training, lines.look_again, lines.look_at_candidate]


ACTIVITIES: Final = {
    queues.IO: io_activities,
    queues.CPU: cpu_activities,
    queues.NOW: now_activities,
    queues.GPU: gpu_activities,
}


def slots(queue: str, values: Env) -> int:
    """Give how many activities a worker of this queue runs side by side."""
    own = {queues.IO: IO_SLOTS, queues.CPU: values.refinery_cpu_slots, queues.NOW: 1, queues.GPU: 1}
    return own[queue]


def facts(queue: str, values: Env) -> dict[str, str]:
    """Give what a worker of this queue tells of itself, for `/readyz`: nobody else can know."""
    if queue == queues.CPU:
        return {"sandbox": sandbox_kind(), "office": office_kind()}
    return {"scan": "on" if values.clamd_address else "off"} if queue == queues.IO else {}


def build(client: Client, queue: str, values: Env, activities: Sequence[Activity] | None = None) -> Worker:
    """Build the worker of one queue; `activities` replace its own in tests."""
    count = slots(queue, values)
    return Worker(
        client,
        task_queue=queue,
        identity=own_name(facts(queue, values)),
        workflows=WORKFLOWS if queue == queues.IO else (),
        activities=ACTIVITIES[queue](values) if activities is None else activities,
        activity_executor=ThreadPoolExecutor(count, thread_name_prefix=f"{queue}-"),
        max_concurrent_activities=count,
        max_concurrent_local_activities=count,
        interceptors=[ActivityFrame()],
        graceful_shutdown_timeout=GRACE,
    )
