"""What a parser's exception means, in the few words that an uploader is told."""

from ingestion.domain.errors import CorruptFile, ReadingError, ResourceLimit

_MEMORY = ("malloc", "bad_alloc", "bad allocation", "insufficient memory", "failed to allocate", "cannot allocate")


def verdict_on(failure: Exception) -> ReadingError:
    """Give the typed error for whatever a parser raised: each library has its own way to say out of memory."""
    if isinstance(failure, ReadingError):
        return failure
    said = str(failure).casefold()
    if isinstance(failure, MemoryError) or any(words in said for words in _MEMORY):
        return ResourceLimit("Reading this needs more memory than is allowed.")
    return CorruptFile(f"This cannot be read ({type(failure).__name__}).")
