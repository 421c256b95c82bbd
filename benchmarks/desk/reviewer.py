"""One reviewer at work over HTTP, in a separate process: the duration of each request."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.client import Client

NEXT, OPEN, WORDS, SUBMIT = "next, with claim", "open", "page's words", "submit"
CYCLE = (NEXT, OPEN, WORDS, SUBMIT)
CORRECTED_FIELDS = 2


@dataclass(slots=True)
class ReviewShift:
    """Seconds by request, and start and end of the work (seconds since 1970)."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    began: float = 0.0
    ended: float = 0.0

    def record_seconds(self, name: str, seconds: float) -> None:
        """Record one request."""
        self.seconds[name].append(seconds)


def review_tasks(url: str, key: str, cycles: int, begin_at: float) -> ReviewShift:
    """Process tasks in sequence from `begin_at` on: next, open, its words, submit with corrections."""
    client, shift = Client(url, key), ReviewShift()
    client.get("/v1/schemas")  # opens the connection
    time.sleep(max(0.0, begin_at - time.time()))
    shift.began = time.time()
    for _ in range(cycles):
        _one_task(client, shift)
    shift.ended = time.time()
    return shift


def claim_tasks(url: str, keys: Sequence[str], cycles: int, begin_at: float) -> ReviewShift:
    """Claim with another key each time, because a user with a lease receives the same task again."""
    client, shift = Client(url, keys[0]), ReviewShift()
    client.get("/v1/schemas")
    time.sleep(max(0.0, begin_at - time.time()))
    shift.began = time.time()
    for key in keys[:cycles]:
        client.act_as(key)
        shift.record_seconds(NEXT, client.post("/v1/review/tasks/next").seconds)
    shift.ended = time.time()
    return shift


def repeat(url: str, key: str, name: str, path: str, times: int) -> ReviewShift:
    """Send GET requests to one address repeatedly."""
    client, shift = Client(url, key), ReviewShift()
    client.get(path)
    shift.began = time.time()
    for _ in range(times):
        shift.record_seconds(name, client.get(path).seconds)
    shift.ended = time.time()
    return shift


def _one_task(client: Client, shift: ReviewShift) -> None:
    taken = client.post("/v1/review/tasks/next")
    task, document = taken.body["task"]["id"], taken.body["document"]["id"]
    opened = client.get(f"/review/tasks/{task}/payload")
    words = client.get(f"/v1/documents/{document}/pages/1")
    body = {"lease": taken.body["lease"]["token"], "decision": "approve", "corrections": _edits(opened.body)}
    submitted = client.post(f"/v1/review/tasks/{task}/submit", body)
    for name, answer in zip(CYCLE, (taken, opened, words, submitted), strict=True):
        shift.record_seconds(name, answer.seconds)


def _edits(opened: dict[str, Any]) -> list[dict[str, str]]:
    """Confirm every field, and correct the first two."""
    fields = opened["document"]["fields"]
    return [
        {"field": one["name"], "value": one["value"] + " corrected" if place < CORRECTED_FIELDS else one["value"]}
        for place, one in enumerate(fields)
    ]
