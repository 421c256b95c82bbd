"""`/healthz`: liveness of the process. `/readyz`: readiness of the services it depends on, each named."""

import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from refinery.core.web.probes import configured_backends, run_probes

CACHE_SECONDS: Final = 1.0


@dataclass(slots=True)
class _CachedReport:
    """Cached report: the services are probed at most once a second, however many clients ask."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    until: float = 0.0
    report: dict[str, Any] = field(default_factory=dict)


_cached_report = _CachedReport()


def health_report() -> dict[str, Any]:
    """Return {status, parts: {name: {ok, detail}}, workers, choices}, at most CACHE_SECONDS old."""
    with _cached_report.lock:
        if time.monotonic() >= _cached_report.until:
            answers = run_probes()
            ready = all(part.ok for part in answers.parts.values())
            _cached_report.report = {
                "status": "ready" if ready else "not ready",
                "parts": {name: asdict(part) for name, part in answers.parts.items()},
                "workers": dict(answers.workers),
                "choices": configured_backends(),
            }
            _cached_report.until = time.monotonic() + CACHE_SECONDS
        return _cached_report.report


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Report that this process responds; nothing else is checked, so that a lost database does not restart it."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Report whether requests can be served: 503 and the service that does not respond otherwise."""
    found = health_report()
    ready = found["status"] == "ready"
    return JsonResponse(found, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})
