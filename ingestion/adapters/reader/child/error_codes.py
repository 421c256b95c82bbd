"""What a parser's exception means, in the few words that an uploader is told."""

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
    "compression bomb",  # MuPDF's word for what unpacks to more than it cares to hold
)


def verdict_on(failure: Exception) -> ReadingError:
    """Give the typed error for whatever a parser raised: each library has its own way to say out of memory.

    A file that a parser gave up as damaged for want of memory is none that is damaged.
    """
    if isinstance(failure, ReadingError) and not isinstance(failure, CorruptFile):
        return failure
    if _for_want_of_memory(failure) or _for_want_of_memory(failure.__cause__):
        return ResourceLimit("Reading this needs more memory than is allowed.")
    if isinstance(failure, ReadingError):
        return failure
    return CorruptFile(f"This cannot be read ({type(failure).__name__}).")


def _for_want_of_memory(failure: BaseException | None) -> bool:
    said = str(failure or "").casefold()
    return isinstance(failure, MemoryError) or any(words in said for words in _MEMORY)
