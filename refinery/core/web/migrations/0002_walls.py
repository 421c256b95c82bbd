"""Close the counters; one function counts a request and reads the tenant's allowance in one statement."""

from django.db import migrations

from refinery.core.database.rls import PlatformFunction, TenantWall


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial"), ("tenancy", "0002_walls")]

    operations = [
        migrations.RunSQL("ALTER TABLE request_count SET UNLOGGED", "ALTER TABLE request_count SET LOGGED"),
        TenantWall("request_count"),
        PlatformFunction(
            "platform_count_request(tenant uuid, caller uuid, seconds integer)",
            "TABLE (of_tenant bigint, of_caller bigint, allowance integer, seconds_left double precision)",
            """
            WITH clock AS (SELECT extract(epoch FROM clock_timestamp()) AS at),
            slot AS (SELECT floor(at / seconds)::bigint AS number, seconds - mod(at, seconds) AS left FROM clock),
            mine AS (
              INSERT INTO request_count AS c (id, tenant_id, caller_id, "window", count)
              SELECT gen_random_uuid(), tenant, caller, slot.number, 1 FROM slot
              ON CONFLICT (tenant_id, caller_id, "window") DO UPDATE SET count = c.count + 1
              RETURNING c.count)
            SELECT (mine.count + coalesce((
                      SELECT sum(o.count) FROM request_count o, slot
                      WHERE o.tenant_id = tenant AND o."window" = slot.number AND o.caller_id <> caller), 0))::bigint,
                   mine.count::bigint, t.requests_per_minute, slot.left::double precision
            FROM mine, slot, tenant t WHERE t.id = tenant
            """,
            volatile=True,
        ),
        PlatformFunction(
            "platform_forget_requests()",
            "void",
            """DELETE FROM request_count WHERE "window" < floor(extract(epoch FROM now()) / 60)::bigint - 5""",
            volatile=True,
        ),
    ]
