"""Download of a file from an uploader's URL: public https only, with limits on time, size and redirects.

Each hop is resolved once, vetted, and connected to by that IP address (see refinery.core.web.outbound_http).
"""

import asyncio
import re
import ssl
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
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
EXPECTED_FAILURES: Final = (
    AddressNotAllowed,
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    OSError,
    ssl.SSLError,
)


class FetchFailed(Exception):
    """The file could not be downloaded; the text is for the uploader."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """Downloaded file; the declared media type is only a hint, as with any client."""

    file: "File[Any]"
    filename: str
    declared_type: str


def fetch_source_file(uri: str, *, max_bytes: int) -> FetchedFile:
    """Download into a temporary file, which the caller closes. Raises FetchFailed.

    One time limit covers everything: names, connections, headers and bodies of all hops.
    """
    spool = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 - the caller reads, then closes it
    try:
        return asyncio.run(_fetch_in_time(uri, spool, max_bytes))
    except BaseException as reason:
        spool.close()
        if isinstance(reason, EXPECTED_FAILURES):
            raise FetchFailed(_explanation(reason)) from reason
        raise


def _explanation(reason: BaseException) -> str:
    if isinstance(reason, AddressNotAllowed):
        return str(reason)
    if isinstance(reason, TimeoutError):
        return f"the file did not arrive within {settings.SOURCE_URI_SECONDS} s"
    return f"the address did not answer ({type(reason).__name__})"


async def _fetch_in_time(uri: str, spool: IO[bytes], max_bytes: int) -> FetchedFile:
    limits = httpx.Timeout(READ_TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
    async with (
        asyncio.timeout(settings.SOURCE_URI_SECONDS),
        httpx.AsyncClient(timeout=limits, trust_env=False) as client,
    ):
        return await _follow_redirects(client, uri, spool, max_bytes)


async def _follow_redirects(client: httpx.AsyncClient, uri: str, spool: IO[bytes], max_bytes: int) -> FetchedFile:
    for _ in range(MAX_REDIRECTS + 1):
        target = await _vetted(uri)
        answer = await client.send(_request(client, target), stream=True)
        try:
            if answer.is_redirect:
                uri = urljoin(uri, answer.headers.get("location", ""))
                continue
            if answer.status_code != httpx.codes.OK:
                message = f"the address answered {answer.status_code}"
                raise FetchFailed(message)
            await _save_body(answer, spool, max_bytes)
            return FetchedFile(
                File(spool), _name(answer, uri), answer.headers.get("content-type", "").partition(";")[0]
            )
        finally:
            await answer.aclose()
    message = f"the address was redirected more than {MAX_REDIRECTS} times"
    raise FetchFailed(message)


async def _vetted(uri: str) -> VettedTarget:
    """Vet the host in a thread that nothing waits for: the system's resolver takes no time limit."""
    loop = asyncio.get_running_loop()
    vetted: asyncio.Future[VettedTarget] = loop.create_future()

    def resolve() -> None:
        try:
            settle(vetted.set_result, vet(uri, loopback=settings.WEBHOOK_LOOPBACK))
        except Exception as reason:  # noqa: BLE001 - raised again where the result is awaited
            settle(vetted.set_exception, reason)

    def settle(setter: Callable[[Any], None], outcome: object) -> None:
        with suppress(RuntimeError):  # the time is over, and the loop with it
            loop.call_soon_threadsafe(lambda: None if vetted.done() else setter(outcome))

    threading.Thread(target=resolve, name="resolve", daemon=True).start()
    return await vetted


def _request(client: httpx.AsyncClient, target: VettedTarget) -> httpx.Request:
    """Request the bytes uncompressed: a compressed body could expand beyond the limit."""
    headers = {"host": target.host_header, "accept-encoding": "identity", "user-agent": "Refinery-Intake/1"}
    return client.build_request("GET", target.url, headers=headers, extensions={"sni_hostname": target.host})


async def _save_body(answer: httpx.Response, spool: IO[bytes], max_bytes: int) -> None:
    received = 0
    async for chunk in answer.aiter_raw():
        received += len(chunk)
        if received > max_bytes:
            message = f"the file is larger than {max_bytes // 2**20} MB"
            raise FetchFailed(message)
        spool.write(chunk)


def _name(answer: httpx.Response, uri: str) -> str:
    """Return the file name sent by the server, else the last part of the URL."""
    given = FILENAME.search(answer.headers.get("content-disposition", ""))
    if given:
        return given[2] if given[2] is not None else given[1]
    return unquote(urlsplit(uri).path.rpartition("/")[2])
