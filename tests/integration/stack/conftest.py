"""Temporary folders that PostgreSQL's account can access; pytest's own deny access to other users."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Yield an empty folder whose path is short enough for a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="rf-", ignore_cleanup_errors=True) as name:
        yield Path(name)
