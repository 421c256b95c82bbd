"""Why a file could not be read: each has a stable code that the uploader sees."""


class ReadingError(Exception):
    """A file that cannot be read; `code` is one of the typed failures of the API."""

    code = "corrupt"
    retryable = False


class CorruptFile(ReadingError):
    """The bytes are not what their type promises, beyond repair."""


class EmptyFile(ReadingError):
    """No byte, or no page."""

    code = "empty"


class UnsupportedFile(ReadingError):
    """A type that Refinery does not read."""

    code = "unsupported"


class TooLarge(ReadingError):
    """More bytes, pages or pixels than the limits allow."""

    code = "too_large"


class PolicyViolation(ReadingError):
    """The tenant's rules refuse this file."""

    code = "policy"


class NotScanned(PolicyViolation):
    """The virus scanner answers, and cannot look at all of this file: not clean, and waiting does not help."""

    code = "not_scanned"


class NeedsPassword(ReadingError):
    """Encrypted with a user password."""

    code = "needs_password"


class WrongPassword(NeedsPassword):
    """Encrypted, and the password given does not open it."""

    code = "wrong_password"


class ResourceLimit(ReadingError):
    """The child process ran out of its memory, time or output allowance: tried once more, then quarantined."""

    code = "resource_limit"
    retryable = True


class TimeSpent(ResourceLimit):
    """All its processor time is spent, which nobody else can have taken: another attempt would need as much."""

    retryable = False


class MissingFile(ReadingError):
    """The store answers and does not hold the file any more: looked for once more, then the end."""

    code = "missing"
    retryable = True


class ScannerUnavailable(Exception):
    """The virus scanner did not answer: the document waits and is never called clean."""
