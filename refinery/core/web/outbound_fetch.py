"""Download of a file from an uploader's URL: public https only, with limits on time, size and redirects.

Each hop is resolved once, vetted, and connected to by that IP address (see refinery.core.web.outbound_http).
"""

import re
import ssl
import tempfile
import time
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import unquote, urljoin, urlsplit

import httpx
from django.conf import settings
from django.core.files.base import File

from refinery.core.web.outbound_http import AddressNotAllowed, VettedTarget, vet

CONNECT_SECONDS: Final = 5.0
READ_TIMEOUT_SECONDS: Final = 10.0
MAX_REDIRECTS: Final = 3
SPOOL_BYTES: Final = 2**20
FILENAME: Final = re.compile(r"""filename\s*=\s*("([^"]*)"|[^;\s]+)""", re.IGNORECASE)


class FetchFailed(Exception):
    """The file could not be downloaded; the text is for the uploader."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """Downloaded file; the declared media type is only a hint, as with any client."""

    file: "File[Any]"
    filename: str
    declared_type: str


def fetch_source_file(uri: str, *, max_bytes: int) -> FetchedFile:
    """Download into a temporary file, which the caller closes. Raises FetchFailed."""
    limits = httpx.Timeout(READ_TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
    deadline = time.monotonic() + settings.SOURCE_URI_SECONDS
    spool = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 - the caller reads, then closes it
    try:
        with httpx.Client(timeout=limits, trust_env=False) as client:
            return _follow_redirects(client, uri, spool, max_bytes, deadline)
    except FetchFailed:
        spool.close()
        raise
    except AddressNotAllowed as reason:
        spool.close()
        raise FetchFailed(str(reason)) from reason
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ssl.SSLError) as reason:
        spool.close()
        message = f"the address did not answer ({type(reason).__name__})"
        raise FetchFailed(message) from reason


def _follow_redirects(client: httpx.Client, uri: str, spool: IO[bytes], max_bytes: int, deadline: float) -> FetchedFile:
    for _ in range(MAX_REDIRECTS + 1):
        target = vet(uri, loopback=settings.WEBHOOK_LOOPBACK)
        answer = client.send(_request(client, target), stream=True)
        try:
            if answer.is_redirect:
                uri = urljoin(uri, answer.headers.get("location", ""))
                continue
            if answer.status_code != httpx.codes.OK:
                message = f"the address answered {answer.status_code}"
                raise FetchFailed(message)
            _save_body(answer, spool, max_bytes, deadline)
            return FetchedFile(
                File(spool), _name(answer, uri), answer.headers.get("content-type", "").partition(";")[0]
            )
        finally:
            answer.close()
    message = f"the address was redirected more than {MAX_REDIRECTS} times"
    raise FetchFailed(message)


def _request(client: httpx.Client, target: VettedTarget) -> httpx.Request:
    """Request the bytes uncompressed: a compressed body could expand beyond the limit."""
    headers = {"host": target.host_header, "accept-encoding": "identity", "user-agent": "Refinery-Intake/1"}
    return client.build_request("GET", target.url, headers=headers, extensions={"sni_hostname": target.host})


def _save_body(answer: httpx.Response, spool: IO[bytes], max_bytes: int, deadline: float) -> None:
    received = 0
    for chunk in answer.iter_raw():
        received += len(chunk)
        if received > max_bytes:
            message = f"the file is larger than {max_bytes // 2**20} MB"
            raise FetchFailed(message)
        if time.monotonic() > deadline:
            message = f"the file did not arrive within {settings.SOURCE_URI_SECONDS} s"
            raise FetchFailed(message)
        spool.write(chunk)


def _name(answer: httpx.Response, uri: str) -> str:
    """Return the file name sent by the server, else the last part of the URL."""
    given = FILENAME.search(answer.headers.get("content-disposition", ""))
    if given:
        return given[2] if given[2] is not None else given[1]
    return unquote(urlsplit(uri).path.rpartition("/")[2])
