"""Invitations by email address, without revealing to the inviter whether the person already has an account."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from refinery.core.audit.models import AuditEvent
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import Membership, User
from refinery.core.tenancy.platform import memberships_of
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.services import add_member, user_id_of
from refinery.core.types import TenantId

WITH_ACCOUNT: Final = timedelta(minutes=1)  # an invitation creates both within milliseconds

SIGN_INS: Final = ("session.opened", "session.entered", "tokens.issued")


class AlreadyJoined(Exception):
    """The person has signed in: their membership is ended by an administrator, not their invitation."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """New membership, and the path of the page where the member chooses a password."""

    membership_id: UUID
    user_id: UUID
    tenant_id: TenantId
    path: str


def invite(*, actor: Actor, email: str, role: Role) -> Invitation:
    """Create a membership for a person. Raises NotAllowed.

    Only an account that is created here gets a link that sets its password: the inviter must not be able to open
    an existing account, so its link looks alike but leads to the sign-in page.
    """
    user = User.objects.filter(email__iexact=email).first()
    fresh = user is None
    if user is None:
        user = User.objects.create_user(email)
    membership = add_member(actor=actor, tenant_id=actor.tenant_id, user=user, role=role)
    return _invitation(membership, user, real=fresh)


def renew_invitation(*, actor: Actor, membership_id: UUID) -> Invitation:
    """Return a new link for a member whose earlier one has expired. Raises NotAllowed, Membership.DoesNotExist.

    It sets a password only if nobody has chosen one, this tenant's invitation created the account, and it has no
    other tenant: otherwise it would open another tenant to this one's administrator. A super_admin may renew it in any
    case.
    """
    actor.require(Permission.MEMBER_EDIT)
    with tenant_scope(actor.tenant_id):
        rows = Membership.objects.visible_to(actor).filter(is_active=True, user__is_service=False)
        membership = rows.select_related("user").get(pk=membership_id)
        record_event(actor.audit, "member.invited_again", "user", membership.user_id)
    user = membership.user
    unopened = not user.has_usable_password() and user.last_login is None and user.is_active
    return _invitation(
        membership, user, real=unopened and (actor.role is Role.SUPER_ADMIN or _is_only_here(membership))
    )


def revoke_invitation(*, actor: Actor, membership_id: UUID) -> None:
    """End the membership of a person who never signed in here, and the links that were created for it.

    Raises NotAllowed, Membership.DoesNotExist, AlreadyJoined. An account that only this invitation created gets
    another unusable password, because its links are valid for as long as the password stays the same.
    """
    actor.require(Permission.MEMBER_EDIT)
    with tenant_scope(actor.tenant_id):
        rows = Membership.objects.visible_to(actor).filter(is_active=True, user__is_service=False)
        membership = rows.select_for_update(of=("self",)).select_related("user").get(pk=membership_id)
        if Membership.objects.filter(pk=membership_id).filter(joined()).exists():
            raise AlreadyJoined
        user, only_here = membership.user, _is_only_here(membership)
        Membership.objects.filter(pk=membership_id).update(is_active=False)
        if only_here and not user.has_usable_password():
            user.set_unusable_password()
            user.save(update_fields=["password"])
        record_event(actor.audit, "member.invitation_revoked", "user", user.pk)


def joined() -> Exists:
    """Return the condition that a member has signed in to this tenant, by its audit log.

    The account must not be asked: its password or last sign-in may belong to another tenant.
    """
    signed_in = AuditEvent.objects.filter(tenant_id=OuterRef("tenant_id"), object_id=OuterRef("user_id"))
    return Exists(signed_in.filter(action__in=SIGN_INS))


def _is_only_here(membership: Membership) -> bool:
    """Return whether the membership came with the account and is its only one."""
    with_account = membership.created_at - membership.user.created_at < WITH_ACCOUNT
    places = memberships_of(user_id_of(membership.user))
    return with_account and all(place.tenant_id == membership.tenant_id for place in places)


def _invitation(membership: Membership, user: User, *, real: bool) -> Invitation:
    """Return the invitation with its link; one that is not real looks alike."""
    valid = default_token_generator.make_token(user)
    token = valid if real else valid.partition("-")[0] + "-" + get_random_string(32, "0123456789abcdef")
    path = reverse("join", args=[urlsafe_base64_encode(force_bytes(user.pk)), token])
    return Invitation(membership.id, user.pk, TenantId(membership.tenant_id), path)
