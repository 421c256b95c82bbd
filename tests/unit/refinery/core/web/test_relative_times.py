"""Relative times of the pages: short, to the minute within two days, and the same words as the page's script has."""

from datetime import UTC, datetime, timedelta

import pytest

from refinery.core.web.templatetags.interface import relative
from tests.support.relative_times import RELATIVE_TIMES

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "words"), RELATIVE_TIMES.items())
def test_relative_time_is_short_and_exact_to_the_minute(seconds: int, words: str) -> None:
    """Halves are rounded up, full hours have no minutes."""
    assert relative(NOW + timedelta(seconds=seconds), NOW) == words
