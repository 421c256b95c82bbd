"""Fetch a file from an address that an uploader names: public https alone, bounded in time, size and redirects.

Each hop is resolved once, vetted, and connected to by that very number (see refinery.core.web.outbound_http).
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

from refinery.core.web.outbound_http import RefusedAddress, Target, vet

CONNECT_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 10.0
MOST_REDIRECTS: Final = 3
IN_MEMORY_BYTES: Final = 2**20
FILENAME: Final = re.compile(r"""filename\s*=\s*("([^"]*)"|[^;\s]+)""", re.IGNORECASE)


class NotFetched(Exception):
    """The file could not be had; the text is for the uploader."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came: the declared type is a hint, as every client's is."""

    file: "File[Any]"
    filename: str
    declared_type: str


def fetch(uri: str, *, most_bytes: int) -> Fetched:
    """Fetch into a temporary file, which the caller closes; raises NotFetched."""
    limits = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    deadline = time.monotonic() + settings.SOURCE_URI_SECONDS
    spool = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - the caller reads, then closes it
    try:
        with httpx.Client(timeout=limits, trust_env=False) as client:
            return _follow(client, uri, spool, most_bytes, deadline)
    except NotFetched:
        spool.close()
        raise
    except RefusedAddress as reason:
        spool.close()
        raise NotFetched(str(reason)) from reason
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ssl.SSLError) as reason:
        spool.close()
        message = f"the address did not answer ({type(reason).__name__})"
        raise NotFetched(message) from reason


def _follow(client: httpx.Client, uri: str, spool: IO[bytes], most_bytes: int, deadline: float) -> Fetched:
    for _ in range(MOST_REDIRECTS + 1):
        target = vet(uri, loopback=settings.WEBHOOK_LOOPBACK)
        answer = client.send(_request(client, target), stream=True)
        try:
            if answer.is_redirect:
                uri = urljoin(uri, answer.headers.get("location", ""))
                continue
            if answer.status_code != httpx.codes.OK:
                message = f"the address answered {answer.status_code}"
                raise NotFetched(message)
            _keep(answer, spool, most_bytes, deadline)
            return Fetched(
                File(spool), _name(answer, uri), answer.headers.get("content-type", "").partition(";")[0]
            )
        finally:
            answer.close()
    message = f"the address was passed on more than {MOST_REDIRECTS} times"
    raise NotFetched(message)


def _request(client: httpx.Client, target: Target) -> httpx.Request:
    """Ask for the bytes as they are: a compressed body could grow beyond its limit."""
    headers = {"host": target.host_header, "accept-encoding": "identity", "user-agent": "Refinery-Intake/1"}
    return client.build_request("GET", target.url, headers=headers, extensions={"sni_hostname": target.host})


def _keep(answer: httpx.Response, spool: IO[bytes], most_bytes: int, deadline: float) -> None:
    received = 0
    for chunk in answer.iter_raw():
        received += len(chunk)
        if received > most_bytes:
            message = f"the file is larger than {most_bytes // 2**20} MB"
            raise NotFetched(message)
        if time.monotonic() > deadline:
            message = f"the file did not arrive within {settings.SOURCE_URI_SECONDS} s"
            raise NotFetched(message)
        spool.write(chunk)


def _name(answer: httpx.Response, uri: str) -> str:
    """Take the name that the sender gives, else the last part of the address."""
    given = FILENAME.search(answer.headers.get("content-disposition", ""))
    if given:
        return given[2] if given[2] is not None else given[1]
    return unquote(urlsplit(uri).path.rpartition("/")[2])
