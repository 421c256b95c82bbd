"""Read models of the desk: queue counts, the actor's tasks, and the task table by urgency."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Func, IntegerField, OuterRef, Q, QuerySet
from django.utils import timezone

from ingestion.querysets import ids_by_name
from quality.models import Assessment
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query, is_any_of
from refinery.core.tenancy.member_names import names_of
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_cursors import ROWS_PER_PAGE, CursorPage, uuid_or_none
from refinery.core.web.whole_numbers import SMALL_INTEGER, whole_number
from review.domain.lifecycle import UNFINISHED, TaskState
from review.models import Queue, ReviewTask, TaskSkip
from review.querysets import TaskQuerySet

SOON = timedelta(hours=1)
COUNTED_TO: Final = 1000
"""Highest number that is counted exactly; more are shown as "1000+"."""


def shown_count(number: int) -> str:
    """Return a count as it is shown."""
    return f"{COUNTED_TO}+" if number > COUNTED_TO else str(number)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Queue with the number of tasks that the actor could claim now; above COUNTED_TO it has more."""

    id: UUID
    name: str
    waiting: int

    @property
    def shown(self) -> str:
        """The number as it is shown."""
        return shown_count(self.waiting)


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
    def shown_numbers(self) -> dict[str, str]:
        """The numbers of waiting tasks, of those due soon and of those overdue as they are shown."""
        lines = [self.chosen] if self.chosen else self.queues
        is_exact = all(line.waiting <= COUNTED_TO for line in lines)
        waiting = sum(min(line.waiting, COUNTED_TO) for line in lines)
        return {
            "waiting": f"{waiting}{'' if is_exact else '+'}",
            "due_soon": shown_count(self.due_soon),
            "overdue": shown_count(self.overdue),
        }

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
    """Return the counts of claimable tasks and of the actor's tasks, in four queries; `queue` is the chosen one.

    Each count stops above COUNTED_TO, so that a desk with a million tasks is as fast as one with a thousand.
    """
    lapsed = _lapsed(actor, now)
    counted = [_with_lapsed(line, lapsed, now) for line in _queue_lines(actor, now)]
    lines = tuple(line for line, _, _ in counted)
    chosen = next((line for line in lines if line.id == queue), None)
    shown = [each for each in counted if chosen is None or each[0] == chosen]
    return DeskCounts(
        queues=lines,
        chosen=chosen,
        held=_held(actor, now),
        overdue=sum(late for _, late, _ in shown),
        due_soon=sum(soon for _, _, soon in shown),
        **_mine(actor, now),
    )


_QueueCounts = tuple[QueueLine, int, int]  # with the tasks that are overdue, and those due soon


def _queue_lines(actor: Actor, now: datetime) -> Iterator[_QueueCounts]:
    """Yield each queue with its open tasks, those overdue and those due soon."""
    for key, name, waiting, late, soon in _counted_queues(actor, now, now + SOON):
        yield QueueLine(key, name, waiting), late, soon


@compiled_query
def _counted_queues(actor: Actor, now: datetime, soon: datetime) -> "QuerySet[Queue, tuple[UUID, str, int, int, int]]":
    free = _takeable(actor, ReviewTask.objects.filter(state=TaskState.OPEN, queue_id=OuterRef("pk")))
    queues = Queue.objects.visible_to(actor).filter(pk__in=Queue.objects.workable_by(actor).values("pk"))
    counted = queues.annotate(
        waiting=_count_up_to_limit(free),
        late=_count_up_to_limit(free.filter(due_at__lt=now)),
        soon=_count_up_to_limit(free.filter(due_at__gte=now, due_at__lt=soon)),
    )
    return counted.order_by("name").values_list("id", "name", "waiting", "late", "soon")


def _count_up_to_limit(rows: TaskQuerySet[ReviewTask]) -> Func:
    """Count rows of a queue in the order of their index: without one, PostgreSQL reads the table for an empty queue."""
    found = ArraySubquery(rows.order_by("due_at").values("pk")[: COUNTED_TO + 1])
    return Func(found, function="cardinality", output_field=IntegerField())


@compiled_query
def _lapsed(actor: Actor, now: datetime) -> "QuerySet[ReviewTask, tuple[UUID, datetime]]":
    """Return queue and due time of the tasks whose lease has lapsed, which can be claimed like open ones."""
    lapsed = ReviewTask.objects.filter(state=TaskState.CLAIMED, lease_expires_at__lt=now)
    return _takeable(actor, lapsed).values_list("queue_id", "due_at")[: COUNTED_TO + 1]


def _with_lapsed(counts: _QueueCounts, lapsed: Sequence[tuple[UUID, datetime]], now: datetime) -> _QueueCounts:
    line, late, soon = counts
    due = [at for key, at in lapsed if key == line.id]
    overdue = sum(at < now for at in due)
    later = sum(now <= at < now + SOON for at in due)
    return replace(line, waiting=line.waiting + len(due)), late + overdue, soon + later


def _held(actor: Actor, now: datetime) -> tuple[HeldTask, ...]:
    return tuple(HeldTask(*row) for row in _held_rows(actor, now))


@compiled_query
def _held_rows(actor: Actor, now: datetime) -> "QuerySet[ReviewTask, tuple[UUID, str, UUID, datetime | None]]":
    own = ReviewTask.objects.visible_to(actor).claimed().filter(assignee_id=actor.user_id, lease_expires_at__gte=now)
    return own.order_by("claimed_at", "id").values_list("id", "document__filename", "queue_id", "lease_expires_at")


def _takeable(actor: Actor, rows: TaskQuerySet[ReviewTask]) -> TaskQuerySet[ReviewTask]:
    """Filter tasks that the actor may claim: not excluded by four eyes, not skipped by the actor."""
    skipped = TaskSkip.objects.visible_to(actor).filter(task_id=OuterRef("pk"), user_id=actor.user_id)
    return rows.permitted(actor, Permission.REVIEW_WORK).decidable_by(actor).filter(~Exists(skipped))


def _mine(actor: Actor, now: datetime) -> dict[str, int]:
    """Count the actor's tasks; only rows of two indexes are read, not all that they ever decided."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    postponed, decided = _own_counts.first(actor, today) or (0, 0)
    return {"postponed": postponed, "decided_today": decided}


@compiled_query
def _own_counts(actor: Actor, today: datetime) -> "QuerySet[ReviewTask, tuple[int, int]]":
    postponed, decided = Q(state=TaskState.POSTPONED), Q(state=TaskState.SUBMITTED, submitted_at__gte=today)
    own = ReviewTask.objects.visible_to(actor).filter(postponed | decided, assignee_id=actor.user_id)
    counted = (
        own.order_by()
        .values("assignee_id")
        .annotate(waiting=Count("id", filter=postponed), done=Count("id", filter=decided))
    )
    return counted.values_list("waiting", "done")


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
        rows = _named(rows, wanted.q)
    if queue := uuid_or_none(wanted.queue):
        rows = rows.filter(queue_id=queue)
    after = _after(wanted.cursor)
    return rows.filter(after) if after else rows


def _named(rows: TaskQuerySet[ReviewTask], text: str) -> TaskQuerySet[ReviewTask]:
    rows = rows.filter(document__filename__icontains=text)
    found = ids_by_name(text)
    return rows if found is None else rows.filter(is_any_of("document_id", found))


def _reasons(actor: Actor, shown: Sequence[ReviewTask]) -> dict[tuple[UUID, int], str]:
    """Return the router's first reason for each document and run, as text."""
    found = _reasons_of(actor, [task.document_id for task in shown])
    return {(document, run): str(reasons[0].get("text", "")) for document, run, reasons in found if reasons}


@compiled_query
def _reasons_of(actor: Actor, documents: Sequence[UUID]) -> "QuerySet[Assessment, tuple[UUID, int, list[Any]]]":
    rows = Assessment.objects.visible_to(actor).filter(is_any_of("document_id", documents), after_human=False)
    return rows.values_list("document_id", "run", "reasons")


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
