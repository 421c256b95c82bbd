"""A folder for each test that PostgreSQL's own account can pass through, which pytest's own forbids to others."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give an empty folder, short enough for a Unix socket's path."""
    with tempfile.TemporaryDirectory(prefix="rf-", ignore_cleanup_errors=True) as name:
        yield Path(name)
