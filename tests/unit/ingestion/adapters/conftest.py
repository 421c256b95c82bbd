"""One reader for the whole run; each document still has a separate child process."""

from collections.abc import Iterator

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader


@pytest.fixture(scope="session")
def reader() -> Iterator[SandboxedPageReader]:
    """Yield a reader with a prestarted child process, as in a worker."""
    made = SandboxedPageReader()
    made.prepare()
    yield made
    made.close()
