"""Whether the tables are already as this version of the program wants them.

A look at two hashes takes milliseconds where `migrate` with nothing to do takes seconds. The database itself keeps
the hash of what it was last migrated by, as its comment: a copied or removed database takes it along.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

from refinery.stack.program import ROOT

PACKAGES = ("refinery", "ingestion", "quality", "review")
PINS = "requirements/web.txt"  # other people's apps bring migrations too
MARK = "migrated by "


def fingerprint(root: Path = ROOT) -> str:
    """Hash all that decides about the tables: migrations, models (for permissions), pins."""
    sources = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
    deciding = [path for path in sources if path.parent.name == "migrations" or path.stem == "models"]
    digest = hashlib.sha256()
    for path in sorted([*deciding, root / PINS]):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(owner_url: str, wanted: str) -> bool:
    """Say whether this database was last migrated by what `wanted` is the fingerprint of."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(query).fetchone()
    return row is not None and row[0] == MARK + wanted


def mark_current(owner_url: str, reached: str) -> None:
    """Write down what this database was migrated by."""
    with psycopg.connect(owner_url) as connection:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        name = sql.Identifier(connection.info.dbname)
        connection.execute(statement.format(name, sql.Literal(MARK + reached)))
