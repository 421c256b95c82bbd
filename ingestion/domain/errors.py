"""Reasons why a file could not be read: each has a stable code that the uploader sees."""


class ReadingError(Exception):
    """The file cannot be read; `code` is one of the typed failures of the API."""

    code = "corrupt"
    retryable = False


class CorruptFile(ReadingError):
    """The bytes do not match their type, beyond repair."""


class EmptyFile(ReadingError):
    """The file has no bytes, or no page."""

    code = "empty"


class UnsupportedFile(ReadingError):
    """Refinery does not read this type."""

    code = "unsupported"


class TooLarge(ReadingError):
    """The file has more bytes, pages or pixels than the limits allow."""

    code = "too_large"


class PolicyViolation(ReadingError):
    """The tenant's rules refuse this file."""

    code = "policy"


class UnscannableFile(PolicyViolation):
    """The virus scanner answers but cannot scan all of this file: it is not clean, and waiting does not help."""

    code = "not_scanned"


class NeedsPassword(ReadingError):
    """The file is encrypted with a user password."""

    code = "needs_password"


class WrongPassword(NeedsPassword):
    """The file is encrypted, and the password does not open it."""

    code = "wrong_password"


class ResourceLimit(ReadingError):
    """The child process exceeded its memory, time or output limit: retried once, then quarantined."""

    code = "resource_limit"
    retryable = True


class CpuTimeExceeded(ResourceLimit):
    """The processor time is used up, independently of other processes: another attempt would need as much."""

    retryable = False


class MissingFile(ReadingError):
    """The store answers but no longer has the file: looked up one more time, then the run fails."""

    code = "missing"
    retryable = True


class DamagedFile(MissingFile):
    """The stored file is not the one that was stored: as good as gone, until the same bytes are uploaded again."""


ERRORS_BY_CODE: dict[str, type[ReadingError]] = {
    error.code: error
    for error in (CorruptFile, EmptyFile, UnsupportedFile, TooLarge, PolicyViolation, NeedsPassword, WrongPassword)
}
"""Errors of the file itself, as a child process reports them."""


class ScannerUnavailable(Exception):
    """The virus scanner did not answer: the document waits and is never considered clean."""
