"""A password on its way through the engine, under our own key."""

from ingestion.domain.errors import WrongPassword
from refinery.core.web.sealed_secrets import BrokenSeal, unseal


def password_in(sealed: str) -> str | None:
    """Open the seal, None for none; a broken one counts as a wrong password, so that people are asked again."""
    if not sealed:
        return None
    try:
        return unseal(sealed)
    except BrokenSeal as reason:
        raise WrongPassword from reason
