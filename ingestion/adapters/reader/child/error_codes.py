"""Mapping of parser exceptions to the typed errors that an uploader sees."""

from ingestion.domain.errors import CorruptFile, ReadingError, ResourceLimit

_MEMORY = (
    "malloc",
    "calloc",
    "realloc",
    "bad_alloc",
    "bad allocation",
    "insufficient memory",
    "failed to allocate",
    "cannot allocate",
    "compression bomb",  # MuPDF's message for content that unpacks to more than its limit
)


def as_reading_error(failure: Exception) -> ReadingError:
    """Return the typed error for a parser's exception; each library reports lack of memory differently.

    A file that a parser rejected as damaged for lack of memory does not count as damaged.
    """
    if isinstance(failure, ReadingError) and not isinstance(failure, CorruptFile):
        return failure
    if _is_out_of_memory(failure) or _is_out_of_memory(failure.__cause__):
        return ResourceLimit("Reading this needs more memory than is allowed.")
    if isinstance(failure, ReadingError):
        return failure
    return CorruptFile(f"This cannot be read ({type(failure).__name__}).")


def _is_out_of_memory(failure: BaseException | None) -> bool:
    message = str(failure or "").casefold()
    return isinstance(failure, MemoryError) or any(words in message for words in _MEMORY)
