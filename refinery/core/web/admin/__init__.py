"""The kernel's rows on the administrators' site; Django finds this module by its name."""

from refinery.core.web.admin import api_keys, audit_log, members

__all__ = ["api_keys", "audit_log", "members"]
