"""What a parser's exception means: want of memory is told as such, whoever gave the file up for it."""

import pytest

from ingestion.adapters.reader.child.error_codes import verdict_on
from ingestion.domain.errors import CorruptFile, NeedsPassword, ReadingError, ResourceLimit, TooLarge


def given_up(cause: Exception) -> CorruptFile:
    """Give a page up as a reader does."""
    wrapped = CorruptFile("This page is damaged.")
    wrapped.__cause__ = cause
    return wrapped


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (MemoryError(), ResourceLimit),
        (RuntimeError("code=1: malloc (123 bytes) failed"), ResourceLimit),
        (given_up(RuntimeError("code=1: calloc: failed to allocate")), ResourceLimit),
        (given_up(RuntimeError("code=2: calloc (4104 x 1 bytes) failed")), ResourceLimit),
        (Exception("code=7: compression bomb detected"), ResourceLimit),
        (given_up(MemoryError()), ResourceLimit),
        (given_up(RuntimeError("code=7: syntax error")), CorruptFile),
        (RecursionError(), CorruptFile),
        (TooLarge("malloc"), TooLarge),
        (NeedsPassword("x"), NeedsPassword),
    ],
)
def test_each_is_typed(failure: Exception, kind: type[ReadingError]) -> None:
    assert type(verdict_on(failure)) is kind
