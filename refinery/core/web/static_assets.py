"""Collected files under the hash of what they hold, and modules that import one another by those names.

A browser keeps a hashed file for ever. Imported by its plain name, a module would be kept for a minute, so that
after a release old and new modules could meet on one page.
"""

from typing import Final

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own patterns for modules also take the types in comments, `import("./x.js")`, and whatever other
# people's scripts have in theirs: this takes statements alone, each on a line of its own, as in our modules.
OURS: Final = "js/*.js"
HEAD: Final = r"""(?:import\b(?:[^"'\n]*\bfrom)?|export\b[^"'\n]*\bfrom)\s*"""
STATEMENT: Final = rf"""(?m)^(?P<matched>(?P<head>{HEAD})["'](?P<url>\.{{1,2}}/[^"'\n]+)["'])"""


class HashedAssets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise's storage, for pages that load their modules as they were written, without a build."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (OURS, ((STATEMENT, '%(head)s"%(url)s"'),)),
    )
