"""What the models page shows: the champion beside the newest candidate, on the same held-out labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quality.models import ModelVersion, TrainingExample, TrainingRun
from refinery.core.tenancy.actor import Actor

SHOWN = 30
UNDER_WAY = ("queued", "running")
MEASURES: tuple[tuple[str, str | Promise, bool], ...] = (
    ("log_loss", _("Log loss"), False),
    ("brier", _("Brier score"), False),
    ("auroc", _("Ranking (AUROC)"), True),
    ("ece", _("Calibration error"), False),
)
ADVICE = {
    "promote": _("Clearly better on labels that neither has learnt from."),
    "person": _("As good as can be told: a person decides."),
    "keep": _("Not better, or not yet proven."),
}
LEFT, WIDE, TOP, HIGH = 70, 520, 20, 150


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure: `change` is against the champion, `tone` good or bad."""

    title: str | Promise
    value: str
    change: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A model as a card: figures are empty where nothing was held out to measure on."""

    id: UUID | None
    number: int
    title: str
    state: str
    examples: int
    created_at: datetime | None
    figures: list[Figure] = field(default_factory=list)
    advice: str | Promise = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelsBoard:
    """The models page."""

    examples: int
    confirmed: int
    corrected: int
    held_out: int
    training: TrainingRun | None
    last_failure: str
    compared: list[VersionCard]
    history: list[VersionCard]
    curve: dict[str, Any] | None


def models_board(actor: Actor) -> ModelsBoard:
    """Give the page in three queries."""
    counts = TrainingExample.objects.visible_to(actor).aggregate(
        examples=Count("id"),
        confirmed=Count("id", filter=Q(kind="confirmed")),
        corrected=Count("id", filter=Q(kind="corrected")),
        held_out=Count("id", filter=Q(pool="audit")),
    )
    versions = list(ModelVersion.objects.visible_to(actor).order_by("-number")[:SHOWN])
    last = TrainingRun.objects.visible_to(actor).order_by("-id").first()
    return ModelsBoard(
        **counts,
        training=last if last and last.status in UNDER_WAY else None,
        last_failure=last.detail if last and last.status == "failed" else "",
        compared=_compared(versions),
        history=[_card(version) for version in versions],
        curve=_curve(versions),
    )


def _compared(versions: Sequence[ModelVersion]) -> list[VersionCard]:
    """The champion first, then the newest candidate with what changes; before the first, the reader's estimate."""
    champion = next((version for version in versions if version.state == "champion"), None)
    newest = next((version for version in versions if version.state == "candidate"), None)
    if newest is not None and champion is not None and newest.number < champion.number:
        newest = None
    if newest is None:
        return [_card(champion, figures(champion.metrics.get("candidate")))] if champion else []
    before, after = newest.metrics.get("champion"), newest.metrics.get("candidate")
    first = _card(champion, figures(before)) if champion else _prior(before)
    advice = ADVICE.get(str(newest.metrics.get("advice", "")), "")
    second = _card(newest, figures(after, before), advice, tuple(newest.metrics.get("reasons", ())))
    return [first, second]


def _card(
    version: ModelVersion,
    measured: list[Figure] | None = None,
    advice: str | Promise = "",
    reasons: tuple[str, ...] = (),
) -> VersionCard:
    return VersionCard(
        id=version.id,
        number=version.number,
        title=gettext("Version %(number)s") % {"number": version.number},
        state=version.state,
        examples=version.examples,
        created_at=version.created_at,
        figures=measured or [],
        advice=advice,
        reasons=reasons,
    )


def _prior(measured: Mapping[str, Any] | None) -> VersionCard:
    return VersionCard(None, 0, gettext("The reader's own estimate"), "champion", 0, None, figures(measured))


def figures(measured: Mapping[str, Any] | None, before: Mapping[str, Any] | None = None) -> list[Figure]:
    """Give the measures of an evaluation, with their change against another one."""
    if not measured:
        return []
    found = []
    for name, title, higher_is_better in MEASURES:
        value, was = number(measured, name), number(before or {}, name)
        if value is None:
            continue
        change = None if was is None else value - was
        found.append(Figure(title, f"{value:.3f}", *_change(change, higher_is_better=higher_is_better)))
    return found


def number(measured: Mapping[str, Any], name: str) -> float | None:
    """Read a measure; an interval counts by its middle estimate."""
    value = measured.get(name)
    if isinstance(value, Mapping):
        value = value.get("estimate", value.get("value"))
    return float(value) if isinstance(value, int | float) else None


def _change(change: float | None, *, higher_is_better: bool) -> tuple[str, str]:
    if change is None or abs(change) < 0.0005:
        return "", ""
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return f"{sign}{abs(change):.3f}", "good" if (change > 0) is higher_is_better else "bad"


def _curve(versions: Sequence[ModelVersion]) -> dict[str, Any] | None:
    """Draw log loss by training, the oldest first; nothing below two trainings."""
    measured = [
        (version, number(version.metrics.get("candidate") or {}, "log_loss")) for version in reversed(versions)
    ]
    known = [(version, loss) for version, loss in measured if loss is not None]
    if len(known) < 2:
        return None
    most = max(loss for _, loss in known) * 1.1
    step = WIDE / (len(known) - 1)
    dots = [
        {
            "x": round(LEFT + index * step, 1),
            "y": round(TOP + HIGH * (1 - loss / most), 1),
            "label": f"v{version.number}",
            "examples": version.examples,
            "value": f"{loss:.3f}",
        }
        for index, (version, loss) in enumerate(known)
    ]
    ticks = [{"y": round(TOP + HIGH * (1 - share), 1), "text": f"{most * share:.2f}"} for share in (0.5, 1)]
    return {
        "title": gettext("Log loss on held-out labels, by training (lower is better)"),
        "measure": gettext("Log loss"),
        "dots": dots,
        "ticks": ticks,
        "points": " ".join(f"{dot['x']},{dot['y']}" for dot in dots),
    }
