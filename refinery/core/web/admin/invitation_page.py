"""Page that shows the link of an invitation once, to be copied or mailed."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.translation import gettext as _

from refinery.core.tenancy.invitations import Invitation

TEMPLATE = "admin/secret.html"


def invitation_context(request: HttpRequest, invitation: Invitation, email: str) -> dict[str, Any]:
    """Return the context of the page; the e-mail is written by the administrator's own mail program."""
    link = request.build_absolute_uri(invitation.path)
    subject, body = _("Your invitation to Refinery"), _("Choose your password here: %s") % link
    return {
        "title": _("Invitation"),
        "lead": _("Send this link to the new member. It is shown only now, and works once."),
        "secret": link,
        "testid": "invitation-link",
        "text": _("If it gets lost or expires, open the member and create another one."),
        "copy": _("Copy the link"),
        "mailto": f"mailto:{quote(email, safe='@+')}?subject={quote(subject)}&body={quote(body)}",
    }
