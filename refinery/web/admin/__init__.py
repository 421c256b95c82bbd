"""The kernel's rows on the administrators' site; Django finds this module by its name."""

from refinery.web.admin import keys, log, people

__all__ = ["keys", "log", "people"]
