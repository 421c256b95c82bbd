"""Database, roles and extension: one source for the embedded server, for production and for its containers.

refinery_owner owns the database and runs the migrations. refinery_app is the role of the web process and the
workers: row level security applies to it. refinery_platform cannot log in; it owns the few narrow SECURITY
DEFINER functions that read across tenants, and the owner may transfer functions to it.
`python -m refinery.stack.roles` prints the script for psql (docker/postgres/init.sql).
"""

import psycopg
from psycopg import sql

DATABASE = "refinery"
OWNER, APP, PLATFORM = "refinery_owner", "refinery_app", "refinery_platform"
SUPERUSER = "postgres"

_CREATE = "\n".join(
    f"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role}; END IF;"
    for role in (OWNER, APP, PLATFORM)
)
TIMEOUTS = {
    "statement_timeout": "60s",  # no request and no step needs a longer statement
    "lock_timeout": "20s",  # below it, a caller gets 503 and a step is repeated
    "idle_in_transaction_session_timeout": "10min",  # longer than an assessment, which holds a document's lock
}
"""Limits of the application's sessions: a lost or stuck process must not hold the others' locks for ever."""
_TIMEOUTS = "\n".join(f"ALTER ROLE {APP} SET {name} = '{limit}';" for name, limit in TIMEOUTS.items())
ROLES_SQL = f"""\
DO $$ BEGIN
{_CREATE}
END $$;
ALTER ROLE {OWNER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE {PLATFORM} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS;
GRANT {PLATFORM} TO {OWNER};
{_TIMEOUTS}
"""
# Inside the database, as its superuser. Nothing is granted by default: each migration grants the application's
# rights on its tables, and row level security decides which rows a tenant sees.
DATABASE_SQL = f"""\
CREATE EXTENSION IF NOT EXISTS vector;
ALTER SCHEMA public OWNER TO {OWNER};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {APP};
GRANT USAGE, CREATE ON SCHEMA public TO {PLATFORM};
"""


def connection_sql(database: str) -> str:
    """Return the statements that let only Refinery's own roles connect to `database`, without temporary objects."""
    return f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {APP};\nGRANT CONNECT ON DATABASE {database} TO {APP};\n"


def psql_script() -> str:
    """Return the whole set-up for psql; the passwords come from its environment."""
    return (
        "-- Written by `python -m refinery.stack.roles`; idempotent; run by psql as a superuser.\n"
        f"{ROLES_SQL}"
        "\\getenv owner_password REFINERY_OWNER_PASSWORD\n"
        "\\getenv app_password REFINERY_APP_PASSWORD\n"
        f"ALTER ROLE {OWNER} PASSWORD :'owner_password';\n"
        f"ALTER ROLE {APP} PASSWORD :'app_password';\n"
        f"SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}'\n"
        f"  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec\n"
        f"{connection_sql(DATABASE)}"
        f"\\connect {DATABASE}\n"
        f"{DATABASE_SQL}"
    )


def provision(superuser_url: str, database_url: str, database: str = DATABASE) -> None:
    """Create missing roles, `database` and its extension.

    `superuser_url` is the URL of the server's database postgres, `database_url` that of `database`, as the same
    superuser.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(ROLES_SQL.encode())
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not found:
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(statement.format(sql.Identifier(database), sql.Identifier(OWNER)))
        connection.execute(connection_sql(database).encode())
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(DATABASE_SQL.encode())


if __name__ == "__main__":
    print(psql_script(), end="")
