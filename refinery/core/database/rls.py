"""Row level security as migration operations: the second barrier between tenants, below the ORM.

RLS is FORCEd on every tenant table, so that even its owner sees no row without `app.tenant`; only functions owned
by the platform role (BYPASSRLS) read across tenants, and each of those is narrow.
"""

from django.db.migrations.operations import RunSQL

# Temporary objects are searched last: otherwise a caller's temporary table would hide the real one.
SEARCH_PATH = "pg_catalog, public, pg_temp"
CURRENT_TENANT_SQL = "NULLIF(current_setting('app.tenant', true), '')::uuid"


class EnableTenantRls(RunSQL):
    """Hide all rows of `table` whose tenant column is not the tenant of the transaction."""

    def __init__(self, table: str, column: str = "tenant_id") -> None:
        """Set the names of the table and of its tenant column, both from our own migrations."""
        self.table, self.column = table, column
        super().__init__(
            sql=f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant_isolation ON {table}
              USING ({column} = {CURRENT_TENANT_SQL}) WITH CHECK ({column} = {CURRENT_TENANT_SQL});
            GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO refinery_app;
            GRANT ALL ON {table} TO refinery_platform;
            """,
            reverse_sql=f"""
            DROP POLICY tenant_isolation ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
            """,
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return the arguments of the constructor, as Django requires."""
        return (self.__class__.__name__, [self.table, self.column], {})


class MakeAppendOnly(RunSQL):
    """Allow the application to insert and read, never to change or delete."""

    def __init__(self, table: str) -> None:
        """Set the table's name."""
        self.table = table
        super().__init__(
            sql=f"REVOKE UPDATE, DELETE ON {table} FROM refinery_app;",
            reverse_sql=f"GRANT UPDATE, DELETE ON {table} TO refinery_app;",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return the arguments of the constructor, as Django requires."""
        return (self.__class__.__name__, [self.table], {})


class TableGrants(RunSQL):
    """Complete set of the application's rights on a table; rights granted by other operations beyond it are revoked."""

    def __init__(self, table: str, grants: str) -> None:
        """Set the table's name and the rights as GRANT spells them, "SELECT, UPDATE (name)"; "" for none at all."""
        self.table, self.grants = table, grants
        grant = f"GRANT {grants} ON {table} TO refinery_app;" if grants else ""
        super().__init__(
            sql=f"REVOKE ALL ON {table} FROM refinery_app; {grant}",
            reverse_sql=f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO refinery_app;",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return the arguments of the constructor, as Django requires."""
        return (self.__class__.__name__, [self.table, self.grants], {})


class AddTenantForeignKey(RunSQL):
    """Composite foreign key: a row can only refer to a row of the same tenant."""

    def __init__(self, table: str, column: str, target: str) -> None:
        """Reference (tenant_id, id) of `target` from (tenant_id, column) of `table`."""
        self.table, self.column, self.target = table, column, target
        name = f"{table}_{column}_tenant_fk"[:63]
        super().__init__(
            sql=f"""
            CREATE UNIQUE INDEX IF NOT EXISTS {target}_tenant_key ON {target} (tenant_id, id);
            ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (tenant_id, {column})
              REFERENCES {target} (tenant_id, id) DEFERRABLE INITIALLY DEFERRED;
            """,
            reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name};",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return the arguments of the constructor, as Django requires."""
        return (self.__class__.__name__, [self.table, self.column, self.target], {})


class GrantSharedTable(RunSQL):
    """Grant the application a table that belongs to no tenant (users, sessions, content types...)."""

    def __init__(self, table: str) -> None:
        """Set the table's name."""
        self.table = table
        super().__init__(
            sql=f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO refinery_app, refinery_platform;",
            reverse_sql=f"REVOKE ALL ON {table} FROM refinery_app, refinery_platform;",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return the arguments of the constructor, as Django requires."""
        return (self.__class__.__name__, [self.table], {})


class FixSearchPaths(RunSQL):
    """Set the search path of every existing function of the platform role, and refuse temporary objects."""

    def __init__(self) -> None:
        """Build the statements; roles are cluster-wide, so the database is found at run time."""
        super().__init__(
            sql=f"""
            DO $$ DECLARE found regprocedure; BEGIN
              FOR found IN SELECT oid FROM pg_proc
                WHERE prosecdef AND proowner = 'refinery_platform'::regrole AND pronamespace = 'public'::regnamespace
              LOOP EXECUTE format('ALTER FUNCTION %s SET search_path = {SEARCH_PATH}', found); END LOOP;
              EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, refinery_app', current_database());
            END $$;
            """,  # noqa: S608 - a constant
            reverse_sql=RunSQL.noop,
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return the arguments of the constructor, as Django requires."""
        return (self.__class__.__name__, [], {})


class CreatePlatformFunction(RunSQL):
    """SECURITY DEFINER function owned by the platform role: one narrow query across tenants."""

    def __init__(self, signature: str, returns: str, body: str, *, volatile: bool = False) -> None:
        """Set the signature "name(arg type, ...)", the result's type and the body in SQL."""
        self.signature, self.returns, self.body, self.volatile = signature, returns, body, volatile
        arguments = signature[signature.index("(") + 1 : -1]
        types = ", ".join(part.strip().split(" ", 1)[1] for part in arguments.split(",") if part.strip())
        identity = f"{signature[: signature.index('(')]}({types})"
        super().__init__(
            sql=f"""
            CREATE OR REPLACE FUNCTION {signature} RETURNS {returns}
              LANGUAGE sql {"VOLATILE" if volatile else "STABLE"} SECURITY DEFINER
              SET search_path = {SEARCH_PATH} AS $body$ {body} $body$;
            ALTER FUNCTION {identity} OWNER TO refinery_platform;
            REVOKE ALL ON FUNCTION {identity} FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION {identity} TO refinery_app;
            """,
            reverse_sql=f"DROP FUNCTION {identity};",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return the arguments of the constructor, as Django requires."""
        return (self.__class__.__name__, [self.signature, self.returns, self.body], {"volatile": self.volatile})
