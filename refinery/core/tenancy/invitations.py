"""Invitations by email address, without revealing to the inviter whether the person already has an account."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import User
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.services import add_member
from refinery.core.types import TenantId


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
    real = default_token_generator.make_token(user)
    token = real if fresh else real.partition("-")[0] + "-" + get_random_string(32, "0123456789abcdef")
    path = reverse("join", args=[urlsafe_base64_encode(force_bytes(user.pk)), token])
    return Invitation(membership.id, user.pk, actor.tenant_id, path)
