"""One reader for the whole run; each document still gets a child of its own."""

from collections.abc import Iterator

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader


@pytest.fixture(scope="session")
def reader() -> Iterator[SandboxedPageReader]:
    """Give a reader with a spare child waiting, as a worker has it."""
    made = SandboxedPageReader()
    made.prepare()
    yield made
    made.close()
