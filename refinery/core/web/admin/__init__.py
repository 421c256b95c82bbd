"""Models of the kernel on the admin site; Django finds this module by its name."""

from refinery.core.web.admin import api_keys, audit_log, members

__all__ = ["api_keys", "audit_log", "members"]
