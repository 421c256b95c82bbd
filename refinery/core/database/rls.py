"""Row level security as migration operations: the second wall between tenants, below the ORM.

Every tenant table is FORCEd, so that even its owner sees no row without `app.tenant`; only functions owned by
the platform role (BYPASSRLS) look across, and each of those is narrow.
"""

from django.db.migrations.operations import RunSQL

TENANT = "NULLIF(current_setting('app.tenant', true), '')::uuid"


class TenantWall(RunSQL):
    """Close `table` to all rows whose tenant column is not the tenant of the transaction."""

    def __init__(self, table: str, column: str = "tenant_id") -> None:
        """Take the table's and the tenant column's names, both from our own migrations."""
        self.table, self.column = table, column
        super().__init__(
            sql=f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant_wall ON {table}
              USING ({column} = {TENANT}) WITH CHECK ({column} = {TENANT});
            GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO refinery_app;
            GRANT ALL ON {table} TO refinery_platform;
            """,
            reverse_sql=f"""
            DROP POLICY tenant_wall ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
            """,
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Give the arguments of the constructor, as Django asks."""
        return (self.__class__.__name__, [self.table, self.column], {})


class AppendOnly(RunSQL):
    """Let the application insert and read, never change or delete."""

    def __init__(self, table: str) -> None:
        """Take the table's name."""
        self.table = table
        super().__init__(
            sql=f"REVOKE UPDATE, DELETE ON {table} FROM refinery_app;",
            reverse_sql=f"GRANT UPDATE, DELETE ON {table} TO refinery_app;",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Give the arguments of the constructor, as Django asks."""
        return (self.__class__.__name__, [self.table], {})


class Rights(RunSQL):
    """Say all that the application may do with a table; what TenantWall or OpenTable gave beyond it is taken."""

    def __init__(self, table: str, rights: str) -> None:
        """Take the table's name and rights as GRANT spells them, "SELECT, UPDATE (name)"; "" for none at all."""
        self.table, self.rights = table, rights
        grant = f"GRANT {rights} ON {table} TO refinery_app;" if rights else ""
        super().__init__(
            sql=f"REVOKE ALL ON {table} FROM refinery_app; {grant}",
            reverse_sql=f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO refinery_app;",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Give the arguments of the constructor, as Django asks."""
        return (self.__class__.__name__, [self.table, self.rights], {})


class TenantBond(RunSQL):
    """A composite foreign key: a row can only point at a row of its own tenant."""

    def __init__(self, table: str, column: str, target: str) -> None:
        """Tie (tenant_id, column) of `table` to (tenant_id, id) of `target`."""
        self.table, self.column, self.target = table, column, target
        name = f"{table}_{column}_bond"[:63]
        super().__init__(
            sql=f"""
            CREATE UNIQUE INDEX IF NOT EXISTS {target}_tenant_key ON {target} (tenant_id, id);
            ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (tenant_id, {column})
              REFERENCES {target} (tenant_id, id) DEFERRABLE INITIALLY DEFERRED;
            """,
            reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name};",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Give the arguments of the constructor, as Django asks."""
        return (self.__class__.__name__, [self.table, self.column, self.target], {})


class OpenTable(RunSQL):
    """Grant the application a table that belongs to no tenant (users, sessions, content types...)."""

    def __init__(self, table: str) -> None:
        """Take the table's name."""
        self.table = table
        super().__init__(
            sql=f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO refinery_app, refinery_platform;",
            reverse_sql=f"REVOKE ALL ON {table} FROM refinery_app, refinery_platform;",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Give the arguments of the constructor, as Django asks."""
        return (self.__class__.__name__, [self.table], {})


class PlatformFunction(RunSQL):
    """A SECURITY DEFINER function owned by the platform role: one narrow look across the tenant wall."""

    def __init__(self, signature: str, returns: str, body: str, *, volatile: bool = False) -> None:
        """Take "name(arg type, ...)", the result's type and a body in SQL."""
        self.signature, self.returns, self.body, self.volatile = signature, returns, body, volatile
        arguments = signature[signature.index("(") + 1 : -1]
        types = ", ".join(part.strip().split(" ", 1)[1] for part in arguments.split(",") if part.strip())
        identity = f"{signature[: signature.index('(')]}({types})"
        super().__init__(
            sql=f"""
            CREATE OR REPLACE FUNCTION {signature} RETURNS {returns}
              LANGUAGE sql {"VOLATILE" if volatile else "STABLE"} SECURITY DEFINER
              SET search_path = pg_catalog, public AS $body$ {body} $body$;
            ALTER FUNCTION {identity} OWNER TO refinery_platform;
            REVOKE ALL ON FUNCTION {identity} FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION {identity} TO refinery_app;
            """,
            reverse_sql=f"DROP FUNCTION {identity};",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Give the arguments of the constructor, as Django asks."""
        return (
            self.__class__.__name__,
            [self.signature, self.returns, self.body],
            {"volatile": self.volatile},
        )
