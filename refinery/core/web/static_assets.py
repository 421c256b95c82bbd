"""Static files with content hashes in their names, including the imports between JavaScript modules.

A browser caches a hashed file without expiry. Imported by its plain name, a module would be cached for a minute,
so that after a release old and new modules could be mixed on one page.
"""

from typing import Final

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own patterns for modules also match types in comments, `import("./x.js")`, and text in third-party
# scripts: this one matches only statements that start a line, as in our modules.
OWN_MODULES: Final = "js/*.js"
IMPORT_HEAD: Final = r"""(?:import\b(?:[^"'\n]*\bfrom)?|export\b[^"'\n]*\bfrom)\s*"""
IMPORT_STATEMENT: Final = rf"""(?m)^(?P<matched>(?P<head>{IMPORT_HEAD})["'](?P<url>\.{{1,2}}/[^"'\n]+)["'])"""


class HashedAssets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise's storage, extended for modules that pages load without a build step."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (OWN_MODULES, ((IMPORT_STATEMENT, '%(head)s"%(url)s"'),)),
    )
