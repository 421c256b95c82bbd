"""The container files are parsed and checked, but not run here (see docs/howto/run-in-production.md)."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from dockerfile_parse import DockerfileParser

from refinery.settings.env import Env
from refinery.stack import postgres, roles, temporal
from refinery.stack.program import ROOT
from refinery.stack.services import start_postgres
from refinery.stack.table import QUEUES

DOCKER = ROOT / "docker"
DOCKERFILES = sorted(DOCKER.glob("Dockerfile.*"))
COMPOSE: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN_IMAGES = {name for name, service in SERVICES.items() if "build" in service}
PINNED_IMAGE = re.compile(r"^[\w./-]+:[\w.-]*\d+\.\d+[\w.-]*$|^[\w./-]+:RELEASE\.\d{4}-\d\d-\d\dT[\d-]+Z$")
HEAVY = {"torch", "transformers", "pymupdf", "pytesseract", "rapidocr", "onnxruntime", "label-studio-sdk"}
MORE_OPTIONS = {  # bubblewrap makes user namespaces, and mounts /proc in them
    "worker-cpu": ("seccomp=seccomp-reader.json", "apparmor=unconfined", "systempaths=unconfined")
}
SECRET = re.compile(r"PASSWORD|PWD|SECRET|ACCESS_KEY|API_KEY|TOKEN")

each_dockerfile = pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)


def instructions(path: Path) -> list[tuple[str, str]]:
    with path.open() as file:
        return [(step["instruction"], step["value"]) for step in DockerfileParser(fileobj=file).structure]


def last_stage(path: Path) -> list[tuple[str, str]]:
    steps = instructions(path)
    last = max(index for index, (name, _) in enumerate(steps) if name == "FROM")
    return steps[last:]


def test_dockerfiles_cover_every_process() -> None:
    assert [path.suffix for path in DOCKERFILES] == [".gpu", ".web", ".worker"]


@each_dockerfile
def test_dockerfile_bases_are_pinned_and_identical(path: Path) -> None:
    bases = {value.split(" ")[0] for name, value in instructions(path) if name == "FROM"}
    assert len(bases) == 1
    assert PINNED_IMAGE.match(bases.pop())


@each_dockerfile
def test_dockerfile_runs_as_unprivileged_user(path: Path) -> None:
    users = [value for name, value in last_stage(path) if name == "USER"]
    assert users == ["10001"]
    names = [name for name, _ in last_stage(path)]
    assert names.index("USER") > max(index for index, name in enumerate(names) if name in {"RUN", "COPY"})


@each_dockerfile
def test_dockerfile_defines_healthcheck(path: Path) -> None:
    checks = [value for name, value in last_stage(path) if name == "HEALTHCHECK"]
    assert len(checks) == 1
    assert " CMD " in checks[0]


@each_dockerfile
def test_dockerfile_installs_pinned_packages_from_existing_files(path: Path) -> None:
    text = " ".join(value for name, value in instructions(path) if name in {"RUN", "COPY"})
    named = set(re.findall(r"requirements/[\w.]+", text))
    assert named
    assert all((ROOT / file).suffix == ".txt" and (ROOT / file).exists() for file in named)
    assert re.findall(r"pip install (?!--no-cache)", text) == []
    assert re.findall(r"uv pip install (?!.*--require-hashes)", text) == []
    assert all("==" in word for word in re.findall(r"pip install --no-cache-dir (\S+)", text))


@each_dockerfile
def test_dockerfile_contains_no_secret(path: Path) -> None:
    given = [value for name, value in instructions(path) if name in {"ENV", "ARG"}]
    assert [value for value in given if SECRET.search(value)] == []


def test_web_image_has_no_heavy_package() -> None:
    web = (DOCKER / "Dockerfile.web").read_text()
    assert re.findall(r"-r /requirements/(\w+)", web) == ["web"]
    pinned = {line.split("==")[0] for line in (ROOT / "requirements/web.txt").read_text().splitlines()}
    assert pinned & HEAVY == set()
    assert not re.search("tesseract|bubblewrap", web)


def test_worker_images_install_reading_tools() -> None:
    for name in ("worker", "gpu"):
        text = (DOCKER / f"Dockerfile.{name}").read_text()
        assert {"tesseract-ocr", "tesseract-ocr-eng", "bubblewrap"} <= set(text.split())


def test_compose_third_party_images_are_pinned() -> None:
    foreign = {name: service["image"] for name, service in SERVICES.items() if name not in OWN_IMAGES}
    assert {name for name, image in foreign.items() if not PINNED_IMAGE.match(image)} == set()


def test_compose_own_containers_are_hardened_and_restart() -> None:
    for name in OWN_IMAGES:
        service = SERVICES[name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true", *MORE_OPTIONS.get(name, ())], name
        assert service["restart"] in {"unless-stopped", "on-failure"}, name


def test_seccomp_profile_allows_bubblewrap_and_denies_the_kernel_s_other_doors() -> None:
    profile = json.loads((DOCKER / "seccomp-reader.json").read_text())
    (denied,) = profile["syscalls"]
    assert (profile["defaultAction"], denied["action"]) == ("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO")
    assert not {"unshare", "clone", "clone3", "mount", "umount2", "pivot_root", "seccomp", "prctl"} & set(
        denied["names"]
    )
    assert {"bpf", "ptrace", "keyctl", "io_uring_setup", "userfaultfd", "kexec_load"} <= set(denied["names"])


def test_compose_awaited_services_have_healthcheck() -> None:
    waited = {
        name
        for service in SERVICES.values()
        for name, condition in service.get("depends_on", {}).items()
        if condition["condition"] == "service_healthy"
    }
    assert waited
    assert {name for name in waited if "test" not in SERVICES[name]["healthcheck"]} == set()


def test_compose_builds_name_existing_files() -> None:
    for name in OWN_IMAGES:
        build = SERVICES[name]["build"]
        assert (DOCKER / build["context"] / build["dockerfile"]).exists(), name


def test_compose_every_queue_has_a_worker() -> None:
    queues = {SERVICES[name]["environment"]["REFINERY_QUEUE"] for name in OWN_IMAGES if name.startswith("worker-")}
    assert queues == set(QUEUES)


def test_compose_secrets_come_from_environment() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if SECRET.search(variable) or ("://" in str(value) and "@" in str(value)):
                assert re.search(r"\$\{\w+:(\?|-)\}", str(value)), f"{name}: {variable}"  # :- for optional ones


def test_compose_only_migrate_gets_owner_database_url() -> None:
    knowing = {name for name, service in SERVICES.items() if "DATABASE_OWNER_URL" in service.get("environment", {})}
    assert knowing == {"migrate"}


def test_compose_variables_are_known_settings() -> None:
    known = {name.upper() for name in Env.model_fields} | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    given = {variable for name in OWN_IMAGES for variable in SERVICES[name]["environment"]} - {"REFINERY_QUEUE"}
    assert given - known == set()


def test_env_example_names_every_required_value() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?\}", (DOCKER / "compose.yaml").read_text()))
    lines = (DOCKER / "env.example").read_text().splitlines()
    named = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(named) == needed
    assert [name for name, value in named.items() if SECRET.search(name) and value] == []


def test_compose_temporal_has_the_switches_of_the_embedded_default() -> None:
    temporal_service = SERVICES["temporal"]
    (mount,) = temporal_service["volumes"]
    folder, place, _ = mount.split(":")
    path = DOCKER / folder / Path(temporal_service["environment"]["DYNAMIC_CONFIG_FILE_PATH"]).relative_to(place)
    switches = {name: rules[0]["value"] for name, rules in yaml.safe_load(path.read_text()).items()}
    assert switches == {name: value == "true" for name, value in (each.split("=") for each in temporal.DYNAMIC_CONFIG)}


def test_compose_temporal_images_have_one_version() -> None:
    images = {service["image"] for service in SERVICES.values() if "image" in service}
    versions = {name.partition(":")[2] for name in images if re.match("temporalio/(server|admin-tools):", name)}
    assert len(versions) == 1
    assert not any("auto-setup" in name for name in images), "no longer maintained"


def test_compose_images_are_on_registries_that_still_have_them() -> None:
    """MinIO's images were removed from Docker Hub in September 2026."""
    images = {service["image"] for service in SERVICES.values() if "image" in service}
    assert {name.partition(":")[0] for name in images if "minio/" in name} == {
        "quay.io/minio/minio",
        "quay.io/minio/mc",
    }


def test_compose_scripts_exist_and_parse() -> None:
    scripts = {
        service["entrypoint"][1] for service in SERVICES.values() if "/temporal/" in str(service.get("entrypoint"))
    }
    assert scripts == {"/temporal/schema.sh", "/temporal/namespace.sh"}
    for name in scripts:
        subprocess.run(["sh", "-n", DOCKER / name.removeprefix("/")], check=True)


def test_compose_publishes_ports_on_loopback_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_postgres_init_script_equals_embedded_roles_script() -> None:
    assert (DOCKER / "postgres" / "init.sql").read_text() == roles.psql_script()


PSQL = [
    *(str(postgres.BINARIES / "psql"), "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1"),
    f"--file={DOCKER / 'postgres' / 'init.sql'}",
]
PASSWORDS = {"REFINERY_OWNER_PASSWORD": "o'clock", "REFINERY_APP_PASSWORD": "app"}
ROLE_CATALOGUE_QUERY = """
SELECT (SELECT array_agg((rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreatedb) ORDER BY rolname)::text
          FROM pg_roles WHERE rolname LIKE 'refinery%'),
       (SELECT datacl::text || pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'refinery'),
       (SELECT nspacl::text || pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'),
       (SELECT array_agg(defaclacl::text ORDER BY defaclobjtype) FROM pg_default_acl),
       (SELECT array_agg(extname ORDER BY extname)::text FROM pg_extension)
"""


def role_catalogue_of(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(ROLE_CATALOGUE_QUERY.encode()).fetchone()


def test_postgres_init_script_creates_same_database_as_embedded(run_folder: Path) -> None:
    server = start_postgres(run_folder / "scripted", durable=False)
    try:
        provisioned = role_catalogue_of(server.url_superuser)
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE refinery")
            for role in (roles.APP, roles.OWNER, roles.PLATFORM):
                connection.execute(f"DROP ROLE {role}".encode())
        for _ in range(2):
            subprocess.run([*PSQL, server.url("postgres", "postgres")], env=PASSWORDS, check=True)
        assert role_catalogue_of(server.url_superuser) == provisioned
    finally:
        server.stop()
