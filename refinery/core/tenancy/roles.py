"""Roles and verbs: who may do what, as one table."""

from enum import StrEnum


class Role(StrEnum):
    """Roles within a tenant, from most to least; super_admin stands above all tenants."""

    SUPER_ADMIN = "super_admin"
    ORG_ADMIN = "org_admin"
    MANAGER = "manager"
    OPERATOR = "operator"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class Verb(StrEnum):
    """What an actor may do; also the scopes of an API key."""

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


V = Verb

_VIEWER = frozenset({V.DOCUMENT_VIEW, V.BATCH_VIEW, V.SCHEMA_VIEW})
_REVIEWER = _VIEWER | {V.REVIEW_VIEW, V.REVIEW_WORK, V.DOCUMENT_EDIT_FIELD}
_OPERATOR = _REVIEWER | {
    V.DOCUMENT_UPLOAD, V.DOCUMENT_RERUN, V.DOCUMENT_RELEASE, V.DOCUMENT_EXPORT, V.BATCH_CONTROL,
    V.TRAINING_VIEW, V.MODEL_VIEW, V.METRICS_VIEW,
}  # fmt: skip
_MANAGER = _OPERATOR | {
    V.REVIEW_REOPEN, V.REVIEW_ASSIGN, V.DOCUMENT_DELETE, V.MODEL_TRAIN, V.MODEL_PROMOTE, V.AUDIT_VIEW,
}  # fmt: skip
_ORG_ADMIN = _MANAGER | {V.SCHEMA_EDIT, V.WEBHOOK_EDIT, V.KEY_EDIT, V.MEMBER_EDIT, V.TENANT_EDIT}

ROLE_VERBS: dict[Role, frozenset[Verb]] = {
    Role.VIEWER: _VIEWER,
    Role.REVIEWER: _REVIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.MANAGER: _MANAGER,
    Role.ORG_ADMIN: _ORG_ADMIN,
    Role.SUPER_ADMIN: _ORG_ADMIN | {V.TENANT_CREATE},
}

RANK: dict[Role, int] = {role: rank for rank, role in enumerate(reversed(Role))}


def may_grant(giver: Role, role: Role) -> bool:
    """Nobody hands out a role above their own."""
    return RANK[role] <= RANK[giver]
