"""A small REST client on the standard library, so that the client's own time hardly counts."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

UNDER_WAY = frozenset({"RECEIVED", "READING", "ASSESSING"})
GIVE_UP_SECONDS = 600.0


class Refused(Exception):
    """The program answered with a problem; `status` is HTTP's."""

    def __init__(self, told: str, status: int) -> None:
        """Keep what was told."""
        super().__init__(told)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body (None for an empty one) and seconds from the first byte sent to the last received."""

    status: int
    body: Any
    seconds: float


class Client:
    """One connection that is kept open, with an API key."""

    def __init__(self, url: str, key: str) -> None:
        """Connect to the program at `url`."""
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port)
        self._headers = {"Accept": "application/json"}
        self.act_as(key)

    def act_as(self, key: str) -> None:
        """Go on with another key on the same connection."""
        self._headers["Authorization"] = f"Bearer {key}"

    def send(self, method: str, path: str, body: bytes | None = None, media_type: str = "") -> Answer:
        """Send one request and read the whole answer; raises Refused for 400 and above."""
        headers = {**self._headers, **({"Content-Type": media_type} if media_type else {})}
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        if response.status >= http.client.BAD_REQUEST:
            message = f"{method} {path}: {response.status} {content[:300]!r}"
            raise Refused(message, response.status)
        is_json = content and "json" in response.headers.get("Content-Type", "")
        return Answer(response.status, json.loads(content) if is_json else None, seconds)

    def get(self, path: str) -> Answer:
        """GET."""
        return self.send("GET", path)

    def post(self, path: str, values: Any = None) -> Answer:  # noqa: ANN401 - JSON
        """POST a JSON body."""
        return self.send("POST", path, json.dumps(values or {}).encode(), "application/json")

    def upload(
        self, filename: str, content: bytes, media_type: str, *, to: str = "/v1/documents/ingest", **values: str
    ) -> Answer:
        """Send a file, with what else is known of it."""
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
        """Ask for the status until the router has decided, and give it."""
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            status: dict[str, Any] = self.get(f"/v1/documents/{document}/status").body
            if status["status"] not in UNDER_WAY:
                return status
            time.sleep(every_seconds)
        message = f"{document} was not decided in {GIVE_UP_SECONDS:.0f} s"
        raise TimeoutError(message)
