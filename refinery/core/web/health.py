"""`/healthz`: the process lives. `/readyz`: the parts that it leans on answer, each named."""

import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from refinery.core.web.probes import ask_all, choices

CACHE_SECONDS: Final = 1.0


@dataclass(slots=True)
class _Last:
    """The last answer: a crowd of probes asks the parts once a second, whoever comes."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    until: float = 0.0
    report: dict[str, Any] = field(default_factory=dict)


_last = _Last()


def report() -> dict[str, Any]:
    """Give {status, parts: {name: {ok, detail}}, workers, choices}, at most CACHE_SECONDS old."""
    with _last.lock:
        if time.monotonic() >= _last.until:
            answers = ask_all()
            ready = all(part.ok for part in answers.parts.values())
            _last.report = {
                "status": "ready" if ready else "not ready",
                "parts": {name: asdict(part) for name, part in answers.parts.items()},
                "workers": dict(answers.workers),
                "choices": choices(),
            }
            _last.until = time.monotonic() + CACHE_SECONDS
        return _last.report


def forget() -> None:
    """Ask anew at the next call: for tests."""
    with _last.lock:
        _last.until = 0.0


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that this process answers; it asks nobody else, so that a lost database does not restart it."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether requests can be served: 503 and the part that does not answer otherwise."""
    found = report()
    ready = found["status"] == "ready"
    return JsonResponse(found, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})
