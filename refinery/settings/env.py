"""All environment variables of Refinery, read once, typed and documented.

`docs/reference/settings.md` lists them all; `manage.py write_reference` generates it.
"""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent.parent


class Env(BaseSettings):
    """The environment; names are upper case in the shell (`database_url` is DATABASE_URL)."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        "postgresql://refinery_app@127.0.0.1:5432/refinery",
        description="PostgreSQL as the application role (no superuser, no BYPASSRLS).",
    )
    database_owner_url: str = Field("", description="PostgreSQL as the owner role; needed only by `migrate`.")
    database_pool_size: int = Field(12, description="Connections that one process keeps open at most.")
    temporal_address: str = Field("127.0.0.1:7233", description="host:port of the Temporal frontend.")
    temporal_namespace: str = Field("default", description="Temporal namespace that holds the workflows.")
    temporal_api_key: str = Field("", description="API key for Temporal; implies TLS.")
    temporal_tls: bool = Field(default=False, description="Connect to Temporal over TLS.")
    refinery_var: Path = Field(ROOT / "var", description="Folder of the embedded default's data and logs.")
    refinery_install_office: bool = Field(
        True, description="Whether `make run` installs LibreOffice in the background where it may."
    )
    refinery_port: int = Field(8000, description="Port of the web process in the embedded default.")
    refinery_secret_key: str = Field("", description="Secret for sessions and tokens; at least 50 characters.")
    refinery_secret_key_fallbacks: str = Field(
        "", description="Previous secrets, separated by blanks: what they signed or encrypted is still accepted."
    )
    refinery_allowed_hosts: str = Field("127.0.0.1,localhost", description="Host names served, separated by commas.")
    refinery_public_url: str = Field(
        "http://127.0.0.1:8000", description="Public URL of the program, used in links, without a trailing slash."
    )
    refinery_cpu_slots: int = Field(2, description="Documents that one cpu worker reads at the same time.")
    storage_bucket: str = Field("", description="S3 bucket; empty keeps files in a folder below REFINERY_VAR.")
    storage_endpoint_url: str = Field("", description="URL of an S3-compatible store; empty means AWS.")
    storage_region: str = Field("", description="Region of the bucket.")
    redis_url: str = Field("", description="Redis for live updates; empty uses PostgreSQL.")
    clamd_address: str = Field("", description="host:port or socket path of clamd; empty turns the scan off.")
    sla_seconds: int = Field(4 * 3600, description="Time to decide a review task by default, from its opening.")
    undo_grace_seconds: int = Field(30, description="Time in which a decision can be undone by its reviewer.")
    lease_seconds: int = Field(120, description="Lifetime of a reviewer's lease without a heartbeat.")
    webhook_loopback: bool = Field(
        default=False, description="Allow webhooks to this machine over http, for tests and demonstrations."
    )
    source_uri_enabled: bool = Field(
        default=True, description="Accept a public https URL (`source_uri`) instead of an uploaded file."
    )
    source_uri_seconds: int = Field(30, description="Longest time that fetching a `source_uri` may take.")
    trocr_weights: str = Field(
        "", description="Folder of TrOCR weights for the gpu workers; empty means no third engine."
    )
    refinery_corpus: str = Field("", description="Folder of real documents, for the tests that use them.")
    audit_anchors: str = Field(
        "store,log",
        description="Where the newest audit seal is recorded outside of the database: store, log, both or neither.",
    )
    metrics_token: str = Field("", description="Bearer token that /metrics requires; empty allows this machine only.")
    refinery_proxies: int = Field(
        0, description="Number of proxies in front of the web process whose X-Forwarded-For is trusted."
    )
    log_level: str = Field("INFO", description="Level of the structured logs.")


def load() -> Env:
    """Read the environment, then the file that a running embedded default writes to its data folder.

    The file lets `manage.py` in another terminal find the same database; real environment variables take precedence.
    """
    folder = Path(os.environ.get("REFINERY_VAR") or ROOT / "var")
    return Env(_env_file=folder / "environment")  # type: ignore[call-arg]  # every field has a default


env = load()
