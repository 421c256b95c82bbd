"""Read model of the models page: the champion and the newest candidate, on the same held-out labels."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quality.models import ModelVersion, TrainingExample, TrainingRun
from refinery.core.tenancy.actor import Actor

MAX_VERSIONS = 30
ACTIVE_STATUSES = ("queued", "running")
MEASURES: tuple[tuple[str, str | Promise, bool], ...] = (
    ("log_loss", _("Log loss"), False),
    ("brier", _("Brier score"), False),
    ("auroc", _("Ranking (AUROC)"), True),
    ("ece", _("Calibration error"), False),
)
ADVICE = {
    "promote": _("Clearly better on labels that neither was trained on."),
    "person": _("No clear difference: a person decides."),
    "keep": _("Not better, or not yet proven."),
}
CHART_LEFT, CHART_WIDTH, CHART_TOP, CHART_HEIGHT = 70, 520, 20, 150


@dataclass(frozen=True, slots=True)
class MetricFigure:
    """One metric: `change` is relative to the champion, `tone` good or bad."""

    title: str | Promise
    value: str
    change: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class VersionCard:
    """Card of a model version; `figures` is empty if there were no held-out labels."""

    id: UUID | None
    number: int
    title: str
    state: str
    examples: int
    created_at: datetime | None
    figures: list[MetricFigure] = field(default_factory=list)
    advice: str | Promise = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """Content of the models page."""

    examples: int
    confirmed: int
    corrected: int
    held_out: int
    training: TrainingRun | None
    last_failure: str
    compared: list[VersionCard]
    history: list[VersionCard]
    curve: dict[str, Any] | None


def models_page(actor: Actor) -> ModelsPage:
    """Return the page, with three queries."""
    counts = _example_counts(actor)
    versions = list(ModelVersion.objects.visible_to(actor).order_by("-number")[:MAX_VERSIONS])
    last = TrainingRun.objects.visible_to(actor).order_by("-id").first()
    return ModelsPage(
        examples=counts.total(),
        confirmed=counts["confirmed", True] + counts["confirmed", False],
        corrected=counts["corrected", True] + counts["corrected", False],
        held_out=counts["confirmed", True] + counts["corrected", True],
        training=last if last and last.status in ACTIVE_STATUSES else None,
        last_failure=last.detail if last and last.status == "failed" else "",
        compared=_compared(versions),
        history=[_card(version) for version in versions],
        curve=_curve(versions),
    )


def _example_counts(actor: Actor) -> Counter[tuple[str, bool]]:
    """Return the number of labels by kind and whether they are held out, read from an index alone."""
    counts: Counter[tuple[str, bool]] = Counter()
    rows = TrainingExample.objects.visible_to(actor).order_by().values_list("kind", "pool").annotate(number=Count("*"))
    for kind, pool, number in rows:
        counts[kind, pool == "audit"] += number
    return counts


def _compared(versions: Sequence[ModelVersion]) -> list[VersionCard]:
    """Return the champion or the reader's estimate, then the newest candidate with its changes."""
    champion = next((version for version in versions if version.state == "champion"), None)
    newest = next((version for version in versions if version.state == "candidate"), None)
    if newest is not None and champion is not None and newest.number < champion.number:
        newest = None
    if newest is None:
        return [_card(champion, metric_figures(champion.metrics.get("candidate")))] if champion else []
    before, after = newest.metrics.get("champion"), newest.metrics.get("candidate")
    first = _card(champion, metric_figures(before)) if champion else _prior(before)
    advice = ADVICE.get(str(newest.metrics.get("advice", "")), "")
    second = _card(newest, metric_figures(after, before), advice, tuple(newest.metrics.get("reasons", ())))
    return [first, second]


def _card(
    version: ModelVersion,
    measured: list[MetricFigure] | None = None,
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
    return VersionCard(None, 0, gettext("The reader's own estimate"), "champion", 0, None, metric_figures(measured))


def metric_figures(measured: Mapping[str, Any] | None, before: Mapping[str, Any] | None = None) -> list[MetricFigure]:
    """Return the metrics of an evaluation, with their change relative to another one."""
    if not measured:
        return []
    found = []
    for name, title, higher_is_better in MEASURES:
        value, was = metric_value(measured, name), metric_value(before or {}, name)
        if value is None:
            continue
        change = None if was is None else value - was
        found.append(MetricFigure(title, f"{value:.3f}", *_change(change, higher_is_better=higher_is_better)))
    return found


def metric_value(measured: Mapping[str, Any], name: str) -> float | None:
    """Return a metric; of an interval, its point estimate."""
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
    """Return the chart of log loss by training, oldest first; None for fewer than two trainings."""
    measured = [
        (version, metric_value(version.metrics.get("candidate") or {}, "log_loss")) for version in reversed(versions)
    ]
    known = [(version, loss) for version, loss in measured if loss is not None]
    if len(known) < 2:
        return None
    most = max(loss for _, loss in known) * 1.1
    step = CHART_WIDTH / (len(known) - 1)
    dots = [
        {
            "x": round(CHART_LEFT + index * step, 1),
            "y": round(CHART_TOP + CHART_HEIGHT * (1 - loss / most), 1),
            "label": f"v{version.number}",
            "examples": version.examples,
            "value": f"{loss:.3f}",
        }
        for index, (version, loss) in enumerate(known)
    ]
    ticks = [
        {"y": round(CHART_TOP + CHART_HEIGHT * (1 - share), 1), "text": f"{most * share:.2f}"} for share in (0.5, 1)
    ]
    return {
        "title": gettext("Log loss on held-out labels, by training (lower is better)"),
        "measure": gettext("Log loss"),
        "dots": dots,
        "ticks": ticks,
        "points": " ".join(f"{dot['x']},{dot['y']}" for dot in dots),
    }
