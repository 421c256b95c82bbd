"""Roles and permissions as one table."""

from enum import StrEnum


class Role(StrEnum):
    """Roles within a tenant, from most to least privileged; super_admin is above all tenants."""

    SUPER_ADMIN = "super_admin"
    ORG_ADMIN = "org_admin"
    MANAGER = "manager"
    OPERATOR = "operator"
    REVIEWER = "reviewer"
    VIEWER = "viewer"
    GUEST = "guest"  # has its permissions only on batches, documents and queues that were granted


class Permission(StrEnum):
    """Permission of an actor; also the scopes of an API key."""

    DOCUMENT_VIEW = "document.view"
    DOCUMENT_UPLOAD = "document.upload"
    DOCUMENT_RERUN = "document.rerun"
    DOCUMENT_RELEASE = "document.release"
    DOCUMENT_DELETE = "document.delete"
    DOCUMENT_EXPORT = "document.export"
    DOCUMENT_EDIT_FIELD = "document.edit_field"
    BATCH_VIEW = "batch.view"
    BATCH_CONTROL = "batch.control"
    REVIEW_VIEW = "review.view"
    REVIEW_WORK = "review.work"
    REVIEW_REOPEN = "review.reopen"
    REVIEW_ASSIGN = "review.assign"
    TRAINING_VIEW = "training.view"
    MODEL_VIEW = "model.view"
    MODEL_TRAIN = "model.train"
    MODEL_PROMOTE = "model.promote"
    METRICS_VIEW = "metrics.view"
    SCHEMA_VIEW = "schema.view"
    SCHEMA_EDIT = "schema.edit"
    WEBHOOK_EDIT = "webhook.edit"
    KEY_EDIT = "key.edit"
    MEMBER_EDIT = "member.edit"
    TENANT_EDIT = "tenant.edit"
    AUDIT_VIEW = "audit.view"
    TENANT_CREATE = "tenant.create"


Perm = Permission

_GUEST = frozenset(
    {
        Perm.DOCUMENT_VIEW,
        Perm.DOCUMENT_EXPORT,
        Perm.DOCUMENT_EDIT_FIELD,
        Perm.BATCH_VIEW,
        Perm.REVIEW_VIEW,
        Perm.REVIEW_WORK,
        Perm.SCHEMA_VIEW,
    }
)
_VIEWER = frozenset({Perm.DOCUMENT_VIEW, Perm.BATCH_VIEW, Perm.SCHEMA_VIEW})
_REVIEWER = _VIEWER | {Perm.REVIEW_VIEW, Perm.REVIEW_WORK, Perm.DOCUMENT_EDIT_FIELD}
_OPERATOR = _REVIEWER | {
    Perm.DOCUMENT_UPLOAD,
    Perm.DOCUMENT_RERUN,
    Perm.DOCUMENT_RELEASE,
    Perm.DOCUMENT_EXPORT,
    Perm.BATCH_CONTROL,
    Perm.TRAINING_VIEW,
    Perm.MODEL_VIEW,
    Perm.METRICS_VIEW,
}
_MANAGER = _OPERATOR | {
    Perm.REVIEW_REOPEN,
    Perm.REVIEW_ASSIGN,
    Perm.DOCUMENT_DELETE,
    Perm.MODEL_TRAIN,
    Perm.MODEL_PROMOTE,
    Perm.AUDIT_VIEW,
}
_ORG_ADMIN = _MANAGER | {Perm.SCHEMA_EDIT, Perm.WEBHOOK_EDIT, Perm.KEY_EDIT, Perm.MEMBER_EDIT, Perm.TENANT_EDIT}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.GUEST: _GUEST,
    Role.VIEWER: _VIEWER,
    Role.REVIEWER: _REVIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.MANAGER: _MANAGER,
    Role.ORG_ADMIN: _ORG_ADMIN,
    Role.SUPER_ADMIN: _ORG_ADMIN | {Perm.TENANT_CREATE},
}

ROLE_RANK: dict[Role, int] = {role: rank for rank, role in enumerate(reversed(Role))}


def may_grant(granter: Role, role: Role) -> bool:
    """Return whether `granter` may assign `role`: not if it is above their own."""
    return ROLE_RANK[role] <= ROLE_RANK[granter]
