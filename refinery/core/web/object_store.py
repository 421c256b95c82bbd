"""Object store of stored files: django-storages' S3 storage with limits on time and memory."""

from typing import Any, Final

from botocore.config import Config
from storages.backends.s3 import S3Storage

MEMORY_BYTES: Final = 2**20
CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 30
ATTEMPTS: Final = 3


class ObjectStorage(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """S3 bucket whose silence becomes an error within seconds, and whose open files stay on the disk."""

    def get_default_settings(self) -> dict[str, Any]:
        """Return the settings of django-storages, changed where its own fit no server.

        `max_memory_size` 0 keeps each open file in memory whole. botocore waits a minute for a connection, four times
        more. Newer checksums are sent only where S3 requires them, because stores compatible with it may not know
        them; every file is checked against the hash in its key anyway.
        """
        config = Config(
            signature_version="s3v4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return {**super().get_default_settings(), "max_memory_size": MEMORY_BYTES, "client_config": config}
