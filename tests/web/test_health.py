"""Health and metrics: components are named, no personal data, and metrics are restricted."""

import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from refinery.core.pollers import identity_fact, is_on_this_host, worker_identity
from refinery.core.tenancy.roles import Role
from refinery.core.web import health, probes
from refinery.core.web.office_install import OfficeInstall, write_office_install
from refinery.settings.env import env
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import make_tenant


@pytest.fixture(autouse=True)
def fresh_report_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an empty cache, and remove it afterwards."""
    monkeypatch.setattr(health, "_cached_report", health._CachedReport())


def healthy_probe() -> str:
    """Return the result of a healthy component."""
    return "answers"


def failing_probe() -> str:
    """Raise the error of a failed component."""
    raise OperationalError("could not connect to 10.0.0.7 as refinery_app")


def use_probes(monkeypatch: pytest.MonkeyPatch, **parts: object) -> None:
    """Replace the probes."""
    monkeypatch.setattr(
        probes, "PROBES", {"database": healthy_probe, "storage": healthy_probe, "temporal": healthy_probe, **parts}
    )
    monkeypatch.setattr(
        probes, "WORKER_FACT_PROBES", {"document_parsing": lambda: "plain", "virus_scan": failing_probe}
    )


def test_healthz_uses_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test has no database access."""
    use_probes(monkeypatch, database=failing_probe)
    assert Client().get("/healthz").json() == {"status": "alive"}
    assert Client().post("/healthz").status_code == 405


def test_readyz_names_each_component(monkeypatch: pytest.MonkeyPatch) -> None:
    """Includes the workers' sandbox and virus scanner state; an unknown state does not make it unready."""
    use_probes(monkeypatch)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert set(answer.json()["parts"]) == {"database", "storage", "temporal"}
    assert answer.json()["workers"] == {"document_parsing": "plain", "virus_scan": "unknown"}
    assert answer.json()["choices"]["file_store"] == "FileSystemStorage"


def test_readyz_failed_component_is_503_without_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The response contains the type of the error only."""
    use_probes(monkeypatch, database=failing_probe)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["parts"]["database"] == {"ok": False, "detail": "OperationalError"}
    assert answer.json()["parts"]["storage"]["ok"] is True
    assert "10.0.0.7" not in answer.content.decode()


def test_readyz_answer_is_cached_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The response is cached for a second."""
    asked: list[int] = []
    monkeypatch.setattr(health, "CACHE_SECONDS", 60.0)

    def counted() -> str:
        asked.append(1)
        return "answers"

    use_probes(monkeypatch, database=counted)
    for _ in range(20):
        Client().get("/readyz")
    assert len(asked) == 1


def test_storage_probe_full_or_closed_folder_is_not_ready(monkeypatch: pytest.MonkeyPatch, stored_files: Path) -> None:
    """Below five per cent of free space the component is not ready."""
    assert probes.storage() == "answers"
    monkeypatch.setattr(probes, "MIN_FREE_SHARE", 2.0)
    with pytest.raises(probes.NotReady, match="free"):
        probes.storage()


@pytest.mark.django_db
def test_database_probe_succeeds_as_application_role() -> None:
    """The probe succeeds as the application role."""
    assert probes.database() == "answers"


def test_temporal_probe_unreachable_raises_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens on this port."""
    monkeypatch.setattr(probes, "env", env.model_copy(update={"temporal_address": "127.0.0.1:9"}))
    with pytest.raises(RuntimeError):
        probes.temporal()


def test_metrics_require_local_address_or_token(settings: Settings) -> None:
    """A proxy on this machine does not make its clients local."""
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.5").get("/metrics").status_code == 401
    assert Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.5").get("/metrics").status_code == 401
    settings.METRICS_TOKEN = "scrape"
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics").status_code == 401
    assert Client(headers={"Authorization": "Bearer wrong"}).get("/metrics").status_code == 401
    assert Client(headers={"Authorization": "Bearer scrape"}).get("/metrics").status_code == 200


@pytest.mark.django_db
def test_metrics_labels_contain_no_ids_or_queries() -> None:
    """The number of labels stays small for any request."""
    tenant = make_tenant("canary")
    document = make_document(tenant, filename="canary.pdf")
    client = tenant.api(Role.ORG_ADMIN)
    client.get(f"/v1/documents/{document.id}?q=canary")
    client.get("/v1/canary/nowhere")
    client.generic("CANARY", "/v1/documents")
    text = Client().get("/metrics").content.decode()
    assert 'route="v1/documents/<uuid:document_id>"' in text
    assert "canary" not in text.lower()
    assert str(document.id) not in text


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "no worker"),
        (["12 sandbox=bubblewrap@one", "7 sandbox=bubblewrap@two"], "bubblewrap"),
        (["12 sandbox=bubblewrap@one", "7 sandbox=plain@two"], "bubblewrap, plain"),
        (["12@one"], "unknown"),
        (["12 sandbox=plain@one", "12@one", "7 sandbox=<b>@two", "sandbox=plain"], "plain, unknown"),
    ],
)
def test_worker_notices_use_known_words_only(names: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All different notices are listed without hosts; missing or unknown notices are ignored."""

    async def recent_pollers(*_: object) -> frozenset[str]:
        return frozenset(names)

    async def frontend() -> SimpleNamespace:
        return SimpleNamespace(workflow_service=None)

    monkeypatch.setattr(probes, "recent_pollers", recent_pollers)
    monkeypatch.setattr(probes, "_frontend", frontend)
    assert probes.WORKER_FACT_PROBES["document_parsing"]() == said


def test_worker_identity_contains_facts_and_host() -> None:
    """The identity is shown in Temporal's web interface."""
    name = worker_identity({"sandbox": "plain", "scan": "off"})
    assert name == f"{os.getpid()} sandbox=plain scan=off@{socket.gethostname()}"
    assert (identity_fact(name, "scan"), identity_fact(name, "colour")) == ("off", "")
    assert is_on_this_host(name)
    assert not is_on_this_host(f"{name}.elsewhere")


@pytest.mark.parametrize(
    ("reported", "state", "shown"),
    [
        ("text", OfficeInstall.INSTALLED, "libreoffice"),
        ("libreoffice, text", OfficeInstall.INSTALLED, "libreoffice"),
        ("text", OfficeInstall.INSTALLING, "text"),
        ("text", OfficeInstall.FAILED, "text"),
        ("no worker", OfficeInstall.INSTALLED, "no worker"),
        ("text", None, "text"),
    ],
)
def test_office_files_after_installation_are_rendered_by_office_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reported: str, state: OfficeInstall | None, shown: str
) -> None:
    """A worker says what it found at its start, and uses what is installed later."""
    monkeypatch.setattr(probes, "env", env.model_copy(update={"refinery_var": tmp_path}))
    monkeypatch.setattr(probes, "_office_fact", lambda: reported)
    if state:
        write_office_install(tmp_path, state, os.getpid())
    assert probes.WORKER_FACT_PROBES["office_files"]() == shown
    assert probes.WORKER_FACT_PROBES["office_install"]() == (state.value if state else "not needed")
