"""Check of whether the database schema matches this version of the program.

Comparing two hashes takes milliseconds, where `migrate` without changes takes seconds. The hash of the last
migration is stored in the database as its comment, so it is copied or removed together with the database.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

from refinery.stack.program import ROOT

PACKAGES = ("refinery", "ingestion", "quality", "review")
REQUIREMENTS_FILE = "requirements/web.txt"  # third-party apps have migrations too
FINGERPRINT_COMMENT = "migrated by "


def fingerprint(root: Path = ROOT) -> str:
    """Return the hash of everything that determines the tables: migrations, models (permissions), pinned packages."""
    sources = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
    deciding = [path for path in sources if path.parent.name in ("migrations", "models") or path.stem == "models"]
    digest = hashlib.sha256()
    for path in sorted([*deciding, root / REQUIREMENTS_FILE]):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(owner_url: str, wanted_fingerprint: str) -> bool:
    """Return whether this database was last migrated with the fingerprint `wanted_fingerprint`."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(query).fetchone()
    return row is not None and row[0] == FINGERPRINT_COMMENT + wanted_fingerprint


def mark_current(owner_url: str, reached_fingerprint: str) -> None:
    """Store the fingerprint with which this database was migrated."""
    with psycopg.connect(owner_url) as connection:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        name = sql.Identifier(connection.info.dbname)
        connection.execute(statement.format(name, sql.Literal(FINGERPRINT_COMMENT + reached_fingerprint)))
