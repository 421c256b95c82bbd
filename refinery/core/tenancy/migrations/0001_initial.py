"""Tenants and their people: tenant tables are closed, and few functions look across tenants."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import refinery.core.database.ids
import refinery.core.tenancy.separators
from refinery.core.database.rls import (
    AddTenantForeignKey,
    CreatePlatformFunction,
    EnableTenantRls,
    GrantSharedTable,
    TableGrants,
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                ("bucket", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField()),
            ],
            options={"db_table": "sign_in_attempt"},
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False)),
                ("is_service", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={"verbose_name": "account", "verbose_name_plural": "accounts", "db_table": "app_user"},
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("org_admin", "org admin"),
                            ("manager", "manager"),
                            ("operator", "operator"),
                            ("reviewer", "reviewer"),
                            ("viewer", "viewer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "member", "verbose_name_plural": "members", "db_table": "membership"},
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=80)),
            ],
            options={
                "verbose_name": "team",
                "verbose_name_plural": "teams",
                "db_table": "team",
                "constraints": [models.UniqueConstraint(fields=("tenant_id", "name"), name="team_name")],
            },
        ),
        migrations.CreateModel(
            name="TeamMembership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="tenancy.membership")),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="tenancy.team")),
            ],
            options={"db_table": "team_membership"},
        ),
        migrations.AddField(
            model_name="membership",
            name="teams",
            field=models.ManyToManyField(related_name="members", through="tenancy.TeamMembership", to="tenancy.team"),
        ),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "active"), ("suspended", "suspended")], default="active", max_length=12
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("review_below", models.PositiveSmallIntegerField(default=70)),
                ("reject_below", models.PositiveSmallIntegerField(default=40)),
                ("sla_seconds", models.PositiveIntegerField(default=14400)),
                ("retention_days", models.PositiveIntegerField(blank=True, null=True)),
                ("keep_duplicates", models.BooleanField(default=False)),
                ("max_file_bytes", models.PositiveBigIntegerField(default=104857600)),
                ("documents_per_day", models.PositiveIntegerField(default=100000)),
                ("requests_per_minute", models.PositiveIntegerField(default=1200)),
                (
                    "reading_mode",
                    models.CharField(
                        choices=[("fast", "fast"), ("standard", "standard"), ("thorough", "thorough")],
                        default="standard",
                        max_length=12,
                    ),
                ),
                (
                    "split_mode",
                    models.CharField(
                        choices=[
                            ("separators", "only at separator sheets"),
                            ("suggest", "at separator sheets; other places are suggested to people"),
                            ("automatic", "at separator sheets, and at other places that are certain"),
                        ],
                        db_default="suggest",
                        default="suggest",
                        max_length=12,
                        verbose_name="where files are split",
                    ),
                ),
                (
                    "split_separators",
                    models.TextField(
                        blank=True,
                        db_default="REFINERY-SEPARATOR\nPATCHT",
                        default="REFINERY-SEPARATOR\nPATCHT",
                        help_text="One text per line: the barcode or the only line of a sheet between two documents.",
                        validators=[refinery.core.tenancy.separators.check_separators],
                        verbose_name="text of separator sheets",
                    ),
                ),
                (
                    "split_at_blank",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="empty sheets separate documents"
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "db_table": "tenant",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reject_below__lte", models.F("review_below"))),
                        name="tenant_thresholds_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_below__lte", 100)), name="tenant_thresholds_in_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenFamily",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("current", models.CharField(max_length=32)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="token_families",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "token_family"},
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=64)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("org_admin", "org admin"),
                            ("manager", "manager"),
                            ("operator", "operator"),
                            ("reviewer", "reviewer"),
                            ("viewer", "viewer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("scopes", models.JSONField(blank=True, null=True)),
                ("created_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "db_table": "api_key",
                "constraints": [models.UniqueConstraint(fields=("prefix",), name="api_key_prefix")],
            },
        ),
        migrations.AddConstraint(
            model_name="teammembership",
            constraint=models.UniqueConstraint(fields=("team", "membership"), name="team_membership_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("tenant_id", "user"), name="membership_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["org_admin", "manager", "operator", "reviewer", "viewer"])),
                name="membership_role_known",
            ),
        ),
        EnableTenantRls("tenant", "id"),
        EnableTenantRls("team"),
        EnableTenantRls("membership"),
        EnableTenantRls("team_membership"),
        EnableTenantRls("api_key"),
        EnableTenantRls("token_family"),
        AddTenantForeignKey("team_membership", "team_id", "team"),
        AddTenantForeignKey("team_membership", "membership_id", "membership"),
        GrantSharedTable("app_user"),
        GrantSharedTable("app_user_groups"),
        GrantSharedTable("app_user_user_permissions"),
        GrantSharedTable("sign_in_attempt"),
        TableGrants("tenant", "SELECT, UPDATE"),
        TableGrants("membership", "SELECT, INSERT, UPDATE"),
        TableGrants("api_key", "SELECT, INSERT, UPDATE (name, scopes, expires_at, revoked_at)"),
        TableGrants("token_family", "SELECT, INSERT, UPDATE (current, used_at, revoked_at)"),
        TableGrants("app_user", "SELECT, INSERT, UPDATE"),
        TableGrants("app_user_groups", "SELECT"),
        TableGrants("app_user_user_permissions", "SELECT"),
        CreatePlatformFunction(
            "platform_memberships(person uuid)",
            "TABLE (tenant_id uuid, slug varchar, name varchar, role varchar, team_ids uuid[])",
            """
            SELECT t.id, t.slug, t.name,
                   CASE WHEN u.is_superuser THEN 'super_admin' ELSE m.role END,
                   ARRAY(SELECT tm.team_id FROM team_membership tm WHERE tm.membership_id = m.id)
            FROM app_user u
            JOIN tenant t ON t.status = 'active'
            LEFT JOIN membership m ON m.tenant_id = t.id AND m.user_id = u.id AND m.is_active
            WHERE u.id = person AND u.is_active AND (m.id IS NOT NULL OR u.is_superuser)
            ORDER BY m.id IS NULL, t.name
            """,
        ),
        CreatePlatformFunction(
            "platform_api_key(wanted varchar)",
            "TABLE (id uuid, tenant_id uuid, user_id uuid, name varchar, digest varchar, role varchar,"
            " scopes varchar[], expires_at timestamptz)",
            """
            SELECT k.id, k.tenant_id, k.user_id, k.name, k.digest, k.role,
                   CASE WHEN jsonb_typeof(k.scopes) = 'array'
                        THEN ARRAY(SELECT jsonb_array_elements_text(k.scopes))::varchar[] END,
                   k.expires_at
            FROM api_key k JOIN tenant t ON t.id = k.tenant_id AND t.status = 'active'
            JOIN app_user u ON u.id = k.user_id AND u.is_active
            WHERE k.prefix = wanted AND k.revoked_at IS NULL
            """,
        ),
        CreatePlatformFunction(
            "platform_create_tenant(new_id uuid, new_slug varchar, new_name varchar)",
            "uuid",
            """
            INSERT INTO tenant (id, slug, name, status, created_at, review_below, reject_below, sla_seconds,
                                keep_duplicates, max_file_bytes, documents_per_day, requests_per_minute,
                                reading_mode)
            VALUES (new_id, new_slug, new_name, 'active', now(), 70, 40, 14400, false, 104857600, 100000, 1200,
                    'standard')
            RETURNING id
            """,
            volatile=True,
        ),
        CreatePlatformFunction("platform_tenant(wanted varchar)", "uuid", "SELECT id FROM tenant WHERE slug = wanted"),
        CreatePlatformFunction(
            "platform_tenants()", "SETOF uuid", "SELECT id FROM tenant WHERE status = 'active' ORDER BY id"
        ),
    ]
