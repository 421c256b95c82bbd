"""Tenants, teams and their members."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from refinery.core.database.models import TenantRow, UuidRow
from refinery.core.tenancy.querysets import OwnQuerySet, SharedQuerySet
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.separators import DEFAULT_SEPARATORS, check_separators

ROLES = [(role.value, role.value.replace("_", " ")) for role in Role if role is not Role.SUPER_ADMIN]


class TenantStatus(models.TextChoices):
    """Status of a tenant. While suspended, its users and keys are rejected; its data remains."""

    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")


class FourEyes(models.TextChoices):
    """Rule of a tenant on how many people a decision needs."""

    OFF = "off", _("one person may do everything")
    ON = "on", _("whoever uploaded a document, or changed its values outside of a review, does not approve it")
    STRICT = "strict", _("as before, and a second person approves what a reviewer corrected")


class Tenant(UuidRow):
    """Organisation; row level security compares its id with the current tenant."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=12, choices=TenantStatus, default=TenantStatus.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    # Thresholds, in the units of the checks (0..100; the expected share of correct words x 100).
    review_below = models.PositiveSmallIntegerField(default=70)
    reject_below = models.PositiveSmallIntegerField(default=40)
    sla_seconds = models.PositiveIntegerField(default=4 * 3600)
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    keep_duplicates = models.BooleanField(default=False)
    max_file_bytes = models.PositiveBigIntegerField(default=100 * 2**20)
    documents_per_day = models.PositiveIntegerField(default=100_000)
    requests_per_minute = models.PositiveIntegerField(default=1200)
    reading_mode = models.CharField(
        max_length=12,
        default="standard",
        choices=[("fast", _("fast")), ("standard", _("standard")), ("thorough", _("thorough"))],
    )
    # Several documents in one file; the rules are documented in ingestion.domain.splitting.detection.SplitRules.
    split_mode = models.CharField(
        _("where files are split"),
        max_length=12,
        default="suggest",
        db_default="suggest",
        choices=[
            ("separators", _("only at separator sheets")),
            ("suggest", _("at separator sheets; other places are suggested to people")),
            ("automatic", _("at separator sheets, and at other places that are certain")),
        ],
    )
    split_separators = models.TextField(
        _("text of separator sheets"),
        blank=True,
        default=DEFAULT_SEPARATORS,
        db_default=DEFAULT_SEPARATORS,
        validators=[check_separators],
        help_text=_("One text per line: the barcode or the only line of a sheet between two documents."),
    )
    split_at_blank = models.BooleanField(_("empty sheets separate documents"), default=False, db_default=False)
    four_eyes = models.CharField(
        _("four eyes"), max_length=8, choices=FourEyes, default=FourEyes.ON, db_default=FourEyes.ON
    )

    class Meta:
        db_table = "tenant"
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(reject_below__lte=models.F("review_below")), name="tenant_thresholds_in_order"
            ),
            models.CheckConstraint(condition=Q(review_below__lte=100), name="tenant_thresholds_in_range"),
            models.CheckConstraint(condition=Q(four_eyes__in=FourEyes.values), name="tenant_four_eyes_known"),
        ]

    def __str__(self) -> str:
        """Return the tenant's name."""
        return self.name


class UserAccounts(BaseUserManager["User"]):
    """Manager that creates users by email address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Create a user; without a password they cannot sign in with one."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Create a super_admin of the platform."""
        return self.create_user(email, password, **{**extra, "is_superuser": True, "is_staff": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this email address, ignoring case."""
        return self.get(email__iexact=username)


class User(UuidRow, AbstractBaseUser, PermissionsMixin):
    """Person or service; belongs to tenants through memberships. `is_superuser` is the role super_admin."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_service = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserAccounts] = UserAccounts()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "app_user"
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        """Return the name, or the address if there is none."""
        return self.name or self.email


class Team(TenantRow):
    """Team of members who share queues."""

    name = models.CharField(max_length=80)

    objects = SharedQuerySet["Team"].as_manager()

    class Meta:
        db_table = "team"
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="team_name")]

    def __str__(self) -> str:
        """Return the team's name."""
        return self.name


class Membership(TenantRow):
    """Role of a user within a tenant."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=ROLES)
    teams = models.ManyToManyField(Team, through="TeamMembership", related_name="members")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SharedQuerySet["Membership"].as_manager()

    class Meta:
        db_table = "membership"
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=[value for value, _title in ROLES]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        """Return the user and the role."""
        return f"{self.user} ({self.get_role_display()})"


class TeamMembership(TenantRow):
    """Membership of a user in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE)

    objects = SharedQuerySet["TeamMembership"].as_manager()

    class Meta:
        db_table = "team_membership"
        constraints = [models.UniqueConstraint(fields=["team", "membership"], name="team_membership_once")]

    def __str__(self) -> str:
        """Return the member and the team."""
        return f"{self.team}: {self.membership}"


class ApiKey(TenantRow):
    """API key: only its prefix and SHA-256 are stored; each key acts as a separate service user."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_keys")
    role = models.CharField(max_length=12, choices=ROLES)
    scopes = models.JSONField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = SharedQuerySet["ApiKey"].as_manager()

    class Meta:
        db_table = "api_key"
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [models.UniqueConstraint(fields=["prefix"], name="api_key_prefix")]

    def __str__(self) -> str:
        """Return the parts of the key that may be shown."""
        return f"{self.name} ({self.prefix}...)"


class TokenFamily(TenantRow):
    """Refresh tokens descending from one sign-in: only `current` may be used, once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="token_families")
    current = models.CharField(max_length=32)
    credential = models.CharField(max_length=64, default="", db_default="")  # keyed digest of the password hash
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = OwnQuerySet["TokenFamily"].as_manager()

    class Meta:
        db_table = "token_family"
        indexes = [models.Index(fields=["expires_at"], name="token_family_expiry")]

    def __str__(self) -> str:
        """Return the family's id."""
        return str(self.id)


class SignInAttempt(models.Model):
    """Attempts of one account or address in one window, under a keyed digest; belongs to no tenant."""

    bucket = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "sign_in_attempt"

    def __str__(self) -> str:
        """Return the digest."""
        return self.bucket
