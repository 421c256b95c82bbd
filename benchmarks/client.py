"""Small REST client on the standard library, so that the client's time is negligible."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

IN_PROGRESS_STATES = frozenset({"RECEIVED", "READING", "ASSESSING"})
GIVE_UP_SECONDS = 600.0


class RequestRefused(Exception):
    """The program returned a problem; `status` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        """Store message and status."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class ClientResponse:
    """Status, body (None for an empty one) and seconds from the first byte sent to the last received."""

    status: int
    body: Any
    seconds: float


class Client:
    """Persistent connection with an API key."""

    def __init__(self, url: str, key: str) -> None:
        """Connect to the program at `url`."""
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port)
        self._headers = {"Accept": "application/json"}
        self.act_as(key)

    def act_as(self, key: str) -> None:
        """Use another key on the same connection."""
        self._headers["Authorization"] = f"Bearer {key}"

    def send(self, method: str, path: str, body: bytes | None = None, media_type: str = "") -> ClientResponse:
        """Send one request and read the whole response; raises RequestRefused for 400 and above."""
        headers = {**self._headers, **({"Content-Type": media_type} if media_type else {})}
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        if response.status >= http.client.BAD_REQUEST:
            message = f"{method} {path}: {response.status} {content[:300]!r}"
            raise RequestRefused(message, response.status)
        is_json = content and "json" in response.headers.get("Content-Type", "")
        return ClientResponse(response.status, json.loads(content) if is_json else None, seconds)

    def get(self, path: str) -> ClientResponse:
        """Send a GET request."""
        return self.send("GET", path)

    def post(self, path: str, values: Any = None) -> ClientResponse:  # noqa: ANN401 - JSON
        """Send a POST request with a JSON body."""
        return self.send("POST", path, json.dumps(values or {}).encode(), "application/json")

    def upload(
        self, filename: str, content: bytes, media_type: str, *, to: str = "/v1/documents/ingest", **values: str
    ) -> ClientResponse:
        """Upload a file with its metadata."""
        mark = uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in values.items()
        ]
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
            f"Content-Type: {media_type}\r\n\r\n".encode()
        )
        body = b"".join((*parts, content, f"\r\n--{mark}--\r\n".encode()))
        return self.send("POST", to, body, f"multipart/form-data; boundary={mark}")

    def await_decision(self, document: str, every_seconds: float = 0.1) -> dict[str, Any]:
        """Poll the status until the router has decided, and return it."""
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            status: dict[str, Any] = self.get(f"/v1/documents/{document}/status").body
            if status["status"] not in IN_PROGRESS_STATES:
                return status
            time.sleep(every_seconds)
        message = f"{document} was not decided in {GIVE_UP_SECONDS:.0f} s"
        raise TimeoutError(message)
