"""Memory of Babel's locale data: about a megabyte a language, which Babel keeps for the life of the process."""

from collections.abc import Iterable, Iterator

from babel import localedata


def visit_languages(languages: Iterable[str]) -> Iterator[str]:
    """Yield each language and discard its locale data after it: of many languages, a table takes a few names each."""
    cached = localedata._cache  # noqa: SLF001 - there is no public way; a locale in use loads its data again
    kept = {*cached, "root"}  # all languages inherit from the root
    for language in languages:
        yield language
        for name in [name for name in cached if name not in kept]:
            del cached[name]
