"""Small elements used by all pages: icons, states, scores, times."""

from datetime import datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from refinery.core.web.status_badges import mark_of_state

register = template.Library()

NOW_WITHIN = timedelta(seconds=45)
MAX_HOURS = 48
STEP = 1024
ROUND_FROM = 10
LOW_SCORE = 70
BAD_SCORE = 40


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """Render an icon of the sprite; with a label it is read aloud, without one it is decorative."""
    place = f"{static('icons.svg')}#{name}"
    classes = f"icon {extra}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img"><title>{}</title><use href="{}"></use></svg>', classes, label, place
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, place)


@register.simple_tag
def status(state: str, testid: str = "") -> SafeString:
    """Render a state with icon, tone and word."""
    return _state("status", state, testid)


@register.simple_tag
def badge(state: str, testid: str = "") -> SafeString:
    """Render a state on a tinted background, for the head of a page."""
    return _state("badge", state, testid)


def _state(style: str, state: str, testid: str) -> SafeString:
    known = mark_of_state(state)
    where = format_html(' data-testid="{}"', testid) if testid else SafeString("")
    return format_html(
        '<span class="{} {}--{}" data-status="{}"{}>{}{}</span>',
        *(style, style, known.tone, state, where, icon(known.icon), known.title),
    )


@register.simple_tag
def bar(value: float | None, most: float = 100) -> SafeString:
    """Render a value as a bar; the number is beside it, so that colour is never the only sign."""
    share = 0 if value is None or not most else max(0.0, min(1.0, value / most))
    return format_html(
        '<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="score__track" width="100" height="6"></rect>'
        '<rect class="score__fill" width="{}" height="6"></rect></svg>',
        f"{share * 100:.1f}",
    )


@register.simple_tag
def score(value: float | None, *, judged: bool = False) -> SafeString:
    """Render a score of 0 to 100 as a small bar with its number; None means that it could not be determined."""
    if value is None:
        said = gettext("\N{EN DASH} not scored") if judged else gettext("none yet")
        return format_html('<span class="soft">{}</span>', said)
    level = " score--bad" if value < BAD_SCORE else " score--low" if value < LOW_SCORE else ""
    return format_html(
        '<span class="score{}">{}<span class="score__number">{}</span></span>', level, bar(value), round(value)
    )


@register.filter
def percent(share: float | None) -> str:
    """Return 0.62 as "62 %"."""
    return "" if share is None else f"{round(share * 100)}\N{NARROW NO-BREAK SPACE}%"


@register.filter
def size(count: int) -> str:
    """Return a number of bytes in readable units."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < STEP:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= ROUND_FROM else f"{amount:.1f} {unit}"
        amount /= STEP
    return f"{amount:.1f} GB"


def duration(seconds: float) -> str:
    """Return a time span as "12 min", "1 h", "1 h 12" or "3 days", in the words of `duration` in i18n.js."""
    minutes = max(1, _rounded(seconds / 60))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(n)s min") % {"n": minutes}
    if hours < MAX_HOURS:
        return (gettext("%(h)s h %(m)s") if rest else gettext("%(h)s h")) % {"h": hours, "m": f"{rest:02d}"}
    days = _rounded(hours / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _rounded(number: float) -> int:
    """Round halves up, as JavaScript does: the page must not replace "3 days" by "2 days" once it is loaded."""
    return int(number + 0.5)


def relative(moment_at: datetime, now: datetime) -> str:
    """Return "in 1 h 12" or "40 min ago"."""
    left = moment_at - now
    if abs(left) < NOW_WITHIN:
        return gettext("now")
    words = gettext("in %(time)s") if left > timedelta(0) else gettext("%(time)s ago")
    return words % {"time": duration(abs(left.total_seconds()))}


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """Render a relative time, with the exact one on hover; the page keeps it up to date."""
    if at is None:
        return mark_safe("")
    exact = date_format(timezone.localtime(at), "DATETIME_FORMAT")
    said = relative(at, timezone.now())
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>', at.isoformat(timespec="seconds"), exact, said
    )
