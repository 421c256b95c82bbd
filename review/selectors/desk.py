"""Read models of the desk: queue counts, the actor's tasks, and the task table by urgency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from quality.models import Assessment
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.member_names import names_of
from refinery.core.web.page_cursors import ROWS_PER_PAGE, CursorPage, uuid_or_none
from refinery.core.web.whole_numbers import SMALL_INTEGER, whole_number
from review.domain.lifecycle import UNFINISHED, TaskState
from review.models import Queue, ReviewTask, TaskSkip
from review.querysets import TaskQuerySet

SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Queue with the number of tasks that the actor could claim now."""

    id: UUID
    name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class HeldTask:
    """Task that the actor has claimed and not decided yet."""

    id: UUID
    title: str
    queue_id: UUID
    until: datetime | None


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Counts at the top of the desk; those of waiting tasks are of the `chosen` queue, if there is one."""

    queues: tuple[QueueLine, ...]
    chosen: QueueLine | None
    held: tuple[HeldTask, ...]
    due_soon: int
    overdue: int
    postponed: int
    decided_today: int

    @property
    def waiting(self) -> int:
        """Return the number of waiting tasks in the chosen queue, or in all queues."""
        return self.chosen.waiting if self.chosen else sum(queue.waiting for queue in self.queues)

    @property
    def claimed(self) -> int:
        """Return the number of tasks that the actor holds."""
        return len(self.held)

    @property
    def continues(self) -> bool:
        """Return whether starting opens a task that the actor holds already."""
        return any(self.chosen is None or task.queue_id == self.chosen.id for task in self.held)

    @property
    def longest(self) -> int:
        """Return the length of the longest queue, which scales the bars."""
        return max((queue.waiting for queue in self.queues), default=0)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Filter of the desk's task table."""

    q: str = ""
    state: str = ""
    queue: str = ""
    cursor: str = ""

    @property
    def active(self) -> bool:
        """Return whether any filter is set."""
        return bool(self.q or self.state or self.queue)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """Row of the task table."""

    id: UUID
    title: str
    queue: str
    reason: str
    certainty: float | None
    due_at: datetime
    overdue: bool
    who: str
    until: datetime | None
    state: str


def desk_counts(actor: Actor, now: datetime, *, queue: UUID | None = None) -> DeskCounts:
    """Return the counts of claimable tasks and of the actor's tasks, in four queries; `queue` is the chosen one."""
    queues = list(Queue.objects.workable_by(actor).order_by("name").distinct().values_list("id", "name"))
    late, soon = Q(due_at__lt=now), Q(due_at__gte=now, due_at__lt=now + SOON)
    counted = {
        key: (waiting, overdue, due)
        for key, waiting, overdue, due in _takeable(actor, now, [key for key, _ in queues])
        .order_by()
        .values_list("queue_id")
        .annotate(waiting=Count("id"), late=Count("id", filter=late), soon=Count("id", filter=soon))
    }
    lines = tuple(QueueLine(key, name, counted.get(key, (0, 0, 0))[0]) for key, name in queues)
    chosen = next((line for line in lines if line.id == queue), None)
    shown = [count for key, count in counted.items() if chosen is None or key == chosen.id]
    return DeskCounts(
        queues=lines,
        chosen=chosen,
        held=_held(actor, now),
        overdue=sum(count[1] for count in shown),
        due_soon=sum(count[2] for count in shown),
        **_mine(actor, now),
    )


def _held(actor: Actor, now: datetime) -> tuple[HeldTask, ...]:
    own = ReviewTask.objects.visible_to(actor).claimed().filter(assignee_id=actor.user_id, lease_expires_at__gte=now)
    rows = own.order_by("claimed_at", "id").values_list("id", "document__filename", "queue_id", "lease_expires_at")
    return tuple(HeldTask(*row) for row in rows)


def _takeable(actor: Actor, now: datetime, queues: Sequence[UUID]) -> TaskQuerySet[ReviewTask]:
    """Filter tasks that the actor could claim: open or lapsed, not excluded by four eyes, not skipped by the actor."""
    skipped = TaskSkip.objects.visible_to(actor).filter(task_id=OuterRef("pk"), user_id=actor.user_id)
    free = Q(state=TaskState.OPEN) | Q(state=TaskState.CLAIMED, lease_expires_at__lt=now)
    return (
        ReviewTask.objects.visible_to(actor)
        .filter(free, queue_id__in=queues)
        .decidable_by(actor)
        .filter(~Exists(skipped))
    )


def _mine(actor: Actor, now: datetime) -> dict[str, int]:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    own = ReviewTask.objects.visible_to(actor).filter(assignee_id=actor.user_id)
    return own.aggregate(
        postponed=Count("id", filter=Q(state=TaskState.POSTPONED)),
        decided_today=Count("id", filter=Q(state=TaskState.SUBMITTED, submitted_at__gte=today)),
    )


def tasks(actor: Actor, wanted: TaskFilter, now: datetime) -> CursorPage[TaskLine]:
    """Return one page of tasks, the most urgent first, in three queries."""
    rows = _narrowed(ReviewTask.objects.visible_to(actor), wanted)
    found = list(rows.select_related("document", "queue").only(*COLUMNS).by_urgency()[: ROWS_PER_PAGE + 1])
    shown = found[:ROWS_PER_PAGE]
    why = _reasons(actor, shown)
    who = names_of(actor, (task.assignee_id for task in shown))
    lines = [_line(task, why, who, now) for task in shown]
    return CursorPage(lines, _cursor(shown[-1]) if len(found) > ROWS_PER_PAGE else "")


COLUMNS = tuple(
    (
        "id state risk due_at priority assignee_id reasons run lease_expires_at document__id document__filename "
        "queue__name"
    ).split()
)


def _narrowed(rows: TaskQuerySet[ReviewTask], wanted: TaskFilter) -> TaskQuerySet[ReviewTask]:
    if wanted.state in TaskState.__members__:
        rows = rows.filter(state=wanted.state)
    else:
        rows = rows.filter(state__in=UNFINISHED)
    if wanted.q:
        rows = rows.filter(document__filename__icontains=wanted.q)
    if queue := uuid_or_none(wanted.queue):
        rows = rows.filter(queue_id=queue)
    after = _after(wanted.cursor)
    return rows.filter(after) if after else rows


def _reasons(actor: Actor, shown: Sequence[ReviewTask]) -> dict[tuple[UUID, int], str]:
    """Return the router's first reason for each document and run, as text."""
    rows = Assessment.objects.visible_to(actor).filter(
        document_id__in={task.document_id for task in shown}, after_human=False
    )
    found = rows.values_list("document_id", "run", "reasons")
    return {(document, run): str(reasons[0].get("text", "")) for document, run, reasons in found if reasons}


def _line(task: ReviewTask, why: dict[tuple[UUID, int], str], who: dict[UUID, str], now: datetime) -> TaskLine:
    has_live_holder = task.state != TaskState.CLAIMED or (
        task.lease_expires_at is not None and task.lease_expires_at >= now
    )
    state = task.state if has_live_holder else TaskState.OPEN.value
    return TaskLine(
        id=task.id,
        title=task.document.filename,
        queue=task.queue.name,
        reason=why.get((task.document_id, task.run), "") or ", ".join(task.reasons),
        certainty=100 * (1 - task.risk) if task.risk else None,
        due_at=task.due_at,
        overdue=task.due_at < now and state in UNFINISHED,
        who=who.get(task.assignee_id, "") if task.assignee_id and has_live_holder else "",
        until=task.lease_expires_at if state == TaskState.CLAIMED else None,
        state=state,
    )


def _cursor(task: ReviewTask) -> str:
    return f"{task.priority}_{task.due_at.timestamp():.6f}_{task.id}"


def _after(cursor: str) -> Q | None:
    """Parse a cursor; an invalid one selects the first page."""
    try:
        priority, due, key = cursor.split("_")
        at = datetime.fromtimestamp(float(due), tz=timezone.get_default_timezone())
        number = whole_number(priority, -SMALL_INTEGER, SMALL_INTEGER)
        same = Q(priority=number)
        later = (same & Q(due_at__gt=at)) | (same & Q(due_at=at, id__gt=UUID(key)))
        return None if number is None else Q(priority__lt=number) | later
    except (ValueError, OverflowError):
        return None
