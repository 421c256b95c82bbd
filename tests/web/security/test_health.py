"""Health and figures: what answers, said of each part; nothing personal, and not to everyone."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from refinery.core.pollers import fact_of, on_this_host, own_name
from refinery.core.tenancy.roles import Role
from refinery.core.web import health, probes
from refinery.settings.env import env
from tests.factories.documents import make_document
from tests.factories.people import make_house


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Each test asks anew."""
    health.forget()
    yield
    health.forget()


def fine() -> str:
    """A part that answers."""
    return "answers"


def gone() -> str:
    """A part that does not."""
    raise OperationalError("could not connect to 10.0.0.7 as refinery_app")


def with_parts(monkeypatch: pytest.MonkeyPatch, **parts: object) -> None:
    """Put other parts in place."""
    monkeypatch.setattr(probes, "PROBES", {"database": fine, "storage": fine, "temporal": fine, **parts})
    monkeypatch.setattr(probes, "NOTICES", {"document_parsing": lambda: "plain", "virus_scan": gone})


def test_alive_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No database is allowed in this test."""
    with_parts(monkeypatch, database=gone)
    assert Client().get("/healthz").json() == {"status": "alive"}
    assert Client().post("/healthz").status_code == 405


def test_ready_names_each_part_and_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what the workers say of parsing and of the virus scan: not knowing it makes nothing unready."""
    with_parts(monkeypatch)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert set(answer.json()["parts"]) == {"database", "storage", "temporal"}
    assert answer.json()["workers"] == {"document_parsing": "plain", "virus_scan": "unknown"}
    assert answer.json()["choices"]["file_store"] == "FileSystemStorage"


def test_a_part_that_is_gone_is_503_and_told_without_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind of the error, no more."""
    with_parts(monkeypatch, database=gone)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["parts"]["database"] == {"ok": False, "detail": "OperationalError"}
    assert answer.json()["parts"]["storage"]["ok"] is True
    assert "10.0.0.7" not in answer.content.decode()


def test_a_crowd_of_probes_asks_the_parts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is kept for a second."""
    asked: list[int] = []
    monkeypatch.setattr(health, "CACHE_SECONDS", 60.0)

    def counted() -> str:
        asked.append(1)
        return "answers"

    with_parts(monkeypatch, database=counted)
    for _ in range(20):
        Client().get("/readyz")
    assert len(asked) == 1


def test_a_full_or_closed_folder_is_not_ready(monkeypatch: pytest.MonkeyPatch, stored_files: Path) -> None:
    """Below five per cent free nothing more is promised."""
    assert probes.storage() == "answers"
    monkeypatch.setattr(probes, "LEAST_FREE", 2.0)
    with pytest.raises(probes.NotReady, match="free"):
        probes.storage()


@pytest.mark.django_db
def test_the_database_probe_knows_whether_the_wall_binds_it() -> None:
    """As the application's role it answers."""
    assert probes.database() == "answers"


def test_an_engine_that_is_not_there_is_told_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens on this port."""
    monkeypatch.setattr(probes, "env", env.model_copy(update={"temporal_address": "127.0.0.1:9"}))
    with pytest.raises(RuntimeError):
        probes.temporal()


def test_figures_are_for_this_machine_or_for_the_token(settings: Settings) -> None:
    """A proxy on this machine does not make its callers local."""
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.5").get("/metrics").status_code == 401
    assert Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.5").get("/metrics").status_code == 401
    settings.METRICS_TOKEN = "scrape"
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics").status_code == 401
    assert Client(headers={"Authorization": "Bearer wrong"}).get("/metrics").status_code == 401
    assert Client(headers={"Authorization": "Bearer scrape"}).get("/metrics").status_code == 200


@pytest.mark.django_db
def test_figures_hold_routes_and_no_ids_names_or_queries() -> None:
    """Labels stay few whatever is asked for."""
    house = make_house("canary")
    document = make_document(house, filename="canary.pdf")
    client = house.api(Role.ORG_ADMIN)
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
def test_workers_are_quoted_in_known_words_alone(
    names: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that differ, without their hosts; whoever says nothing, or something else, is not guessed at."""

    async def heard(*_: object) -> frozenset[str]:
        return frozenset(names)

    async def frontend() -> SimpleNamespace:
        return SimpleNamespace(workflow_service=None)

    monkeypatch.setattr(probes, "heard", heard)
    monkeypatch.setattr(probes, "_frontend", frontend)
    assert probes.NOTICES["document_parsing"]() == said


def test_a_workers_name_says_its_facts_and_ends_with_its_host() -> None:
    """As the engine's own pages show it."""
    name = own_name({"sandbox": "plain", "scan": "off"})
    assert name == f"{os.getpid()} sandbox=plain scan=off@{socket.gethostname()}"
    assert (fact_of(name, "scan"), fact_of(name, "colour")) == ("off", "")
    assert on_this_host(name)
    assert not on_this_host(f"{name}.elsewhere")
