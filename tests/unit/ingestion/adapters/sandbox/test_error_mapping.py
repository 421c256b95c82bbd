"""Mapping of parser exceptions: memory errors are recognised behind any exception they caused."""

import pytest

from ingestion.adapters.reader.child.error_codes import as_reading_error
from ingestion.domain.errors import CorruptFile, NeedsPassword, ReadingError, ResourceLimit, TooLarge


def raised_by(cause: Exception) -> CorruptFile:
    """Raise CorruptFile from a cause, as a parser does."""
    wrapped = CorruptFile("This page is damaged.")
    wrapped.__cause__ = cause
    return wrapped


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (MemoryError(), ResourceLimit),
        (RuntimeError("code=1: malloc (123 bytes) failed"), ResourceLimit),
        (raised_by(RuntimeError("code=1: calloc: failed to allocate")), ResourceLimit),
        (raised_by(RuntimeError("code=2: calloc (4104 x 1 bytes) failed")), ResourceLimit),
        (Exception("code=7: compression bomb detected"), ResourceLimit),
        (raised_by(MemoryError()), ResourceLimit),
        (raised_by(RuntimeError("code=7: syntax error")), CorruptFile),
        (RecursionError(), CorruptFile),
        (TooLarge("malloc"), TooLarge),
        (NeedsPassword("x"), NeedsPassword),
    ],
)
def test_parser_exception_becomes_typed_error(failure: Exception, kind: type[ReadingError]) -> None:
    assert type(as_reading_error(failure)) is kind
