"""Measure the structure of a checkout: sizes, imports between packages, names, and the language of docstrings.

    python -m benchmarks.structure [--root DIR] [--json]

Source files are parsed with `ast`; nothing of the measured checkout is imported, so `--root` can name a clone of
an older commit. Both layouts are known: the one with `refinery/core`, and the one before it, in which the kernel
was `refinery/` itself. Production code is the five packages of `PRODUCTION`, without migrations. The architecture
tests assert on the same functions.
"""

import argparse
import ast
import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.figures import table

ROOT = Path(__file__).resolve().parents[1]
PRODUCTION = ("refinery", "ingestion", "quality", "review", "workers")
APPS = PRODUCTION[1:]
DOMAIN = "ingestion.domain"
COMPOSITION_ROOTS = {"asgi", "routing", "settings", "stack", "urls"}

REPEATABLE_CLASSES = {"Meta", "Command", "Migration"}
DJANGO_FILES = {
    *("__init__", "__main__", "admin", "apps", "asgi", "forms", "managers", "middleware", "models", "settings"),
    *("signals", "tests", "urls", "views", "wsgi"),
}
NUMBERED_MIGRATION = re.compile(r"\d{4}_")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


IRREGULAR_PARTICIPLES = _names(
    """
    Arisen Been Begun Bent Bled Born Borne Bought Bred Brought Built Burnt Caught Clung Crept Dealt Done Drawn
    Driven Dug Fed Felt Fled Flown Flung Forbidden Found Gone Got Grown Heard Held Hidden Hung Kept Known Laid
    Lain Learnt Led Left Lent Lit Lost Made Meant Met Mown Paid Proven Rung Said Sat Seen Sent Sewn Shone
    Shorn Shot Shown Shrunk Shut Slept Slid Sold Sought Sown Spelt Spent Spoilt Sprung Spun Stood Struck Stuck
    Stung Sung Sunk Swept Swollen Sworn Swum Swung Taught Thrown Told Torn Understood Undone Unseen Wept
    Withdrawn Withheld Won Worn Wound Woven Wrung
    """
)
ADJECTIVES = _names(
    """
    Able Absent Active Alive Askew Bad Big Blank Busy Certain Clean Clear Close Common Compact Complete
    Correct Current Dead Different Dirty Double Dry Due Eager Early Empty Equal Exact External False Fast Few
    Final Fine First Foreign Fresh Full Good Great Hard Heavy High Idle Internal Invalid Large Last Late Lazy
    Light Likely Live Local Long Loose Low Many Mere Narrow New Next Old Open Other Partial Plain Possible
    Present Previous Private Public Pure Quick Quiet Rare Raw Ready Recent Remote Right Rough Same Several
    Sharp Short Silent Similar Simple Single Skew Slow Small Soft Sole Strange Strict Strong Sure Tall Thick
    Thin Tight Tiny True Unable Unclear Unequal Unknown Unlike Upright Useful Vacant Vague Valid Various Weak
    Whole Wide Wrong Young
    """
)
NOUNS_LIKE_PARTICIPLES = _names(
    """
    Accounting Alien Backing Bed Being Billing Binding Blending Boosting Branding Breed Briefing Building
    Cabling Casing Ceiling Children Citizen Clipping Clothing Clustering Coating Coding Creed Crossing Deed
    Drawing Embedding Encoding Ending Engraving Even Evening Feed Filing Filling Finding Fitting Footing
    Garden Gathering Greed Greeting Grouping Handwriting Heading Holding Housing Hundred Hyphen Invoicing
    Kerning King Kitchen Labelling Landing Leading Lettering Lightning Linen Lining Listing Logging Mapping
    Marking Meaning Meeting Men Morning Need Offering Omen Opening Ordering Oxygen Packing Padding Painting
    Parsing Pen Ping Pollen Posting Pricing Printing Processing Ranking Rating Reading Recording Rendering
    Ring Routing Ruling Sampling Saving Scaling Scoring Screen Seed Setting Shading Shed Shipping Sibling
    Siren Sled Sling Spacing Specimen Speed Spelling Spring String Styling Swing Ten Testing Thing Timing
    Token Tracing Tracking Training Typing Warning Weed Wing Women Wording Writing
    """
)


class Marker(NamedTuple):
    """Pattern of private vocabulary or of a literary manner in docstrings; `house` puts it on the shorter list."""

    pattern: str
    house: bool
    reason: str


# The house list is calibrated: the words that were named when the restructuring began, completed until commit
# 4f4a3c7 came to the 142 in 10,000 that were then counted. Measured the same way, Wagtail 8.0 comes to 3.1 and
# datasette 0.65 to 2.4. The strict list adds patterns that neither uses more than 0.3 times in 10,000 words.
MARKERS = (
    Marker(r"\b(?:stand|stands|standing|stood)\b", True, "is, exists, is valid, is placed"),
    Marker(r"\b(?:told|tell|tells|telling)\b", True, "reported, described, shown, distinguished"),
    Marker(r"\b(?:lie|lies|lying)\b", True, "is, is located; of pages: rotated"),
    Marker(r"\bof\s+(?:its|their|his|her|one's)\s+own\b", True, "own, separate"),
    Marker(r"\balone\b", True, "only"),
    Marker(r"\bwhat\s+is\b", True, "a noun clause in place of a term"),
    Marker(r"\bwhoever\b", True, "the user who, the caller"),
    Marker(r"\b(?:nobody|somebody)\b", True, "no user, a user, no reviewer"),
    Marker(r"\banew\b", True, "again"),
    Marker(r"\AGives?\b", False, "Return, as the first word"),
    Marker(r"\ASays?\b", False, "Return whether, as the first word"),
    Marker(r"\AHave\b", False, "Make, let, run, as the first word"),
    Marker(r"\bwhat\s+(?:are|was|were|has|had)\b", False, "a noun clause in place of a term"),
    Marker(r"\bwhat\s+(?:it|they|he|she|we)\b", False, "a noun clause in place of a term"),
    Marker(r"\bthose\s+(?:that|who)\b", False, "a relative clause in place of a term"),
    Marker(r"\b(?:un)?born\b(?![\s-]+digital)|\bbirths?\b", False, "started; `born digital` is a standard term"),
    Marker(r"\b(?:bear|bears|bearing|borne)\b", False, "start, fork, carry"),
    Marker(r"\b(?:bury|buries|buried|burying)\b", False, "reap"),
    Marker(r"\b(?:mend|mends|mended|mending)\b", False, "correct, edit, repair"),
    Marker(r"\b(?:witness|witnesses|testimony)\b", False, "second engine, its result"),
    Marker(r"\b(?:zygote|nursery|undertaker|doorbell)s?\b", False, "fork server, pool, orphan reaper, signal"),
    Marker(r"\b(?:parted|partings?)\b", False, "split"),
    Marker(r"\bletterheads?\b", False, "mail headers"),
    Marker(r"\b(?:in|at)\s+hand\b", False, "claimed, available"),
    Marker(r"\b(?:came|comes?)\s+again\b", False, "duplicate upload"),
    Marker(r"\bby\s+(?:itself|themselves)\b", False, "separately, automatically"),
    Marker(r"\b(?:make|makes|made|making)\s+of\b", False, "derive, interpret"),
    Marker(r"\blay\b(?!\s+out)|\blain\b", False, "was, was located"),
    Marker(r"\bgravest?\b", False, "most severe"),
    Marker(r"\bheld\s+against\b", False, "counted as a failure of"),
    Marker(r"\ball\s+the\s+same\b|\bfor\s+good\b|\bonce\s+more\b", False, "still, permanently, again"),
)
HOUSE = tuple(marker.pattern for marker in MARKERS if marker.house)
STRICT = tuple(marker.pattern for marker in MARKERS)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Place in the source that a figure counted, with a short description."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True)
class SourceFile:
    """Parsed source file; `path` is relative to the checkout."""

    path: Path
    source: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree."""
        return ast.parse(self.source, filename=str(self.path))

    @property
    def lines(self) -> int:
        """Return the number of lines, empty ones included."""
        return len(self.source.splitlines())

    @property
    def module(self) -> str:
        """Return the dotted name."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def at(self, line: int, text: str) -> Location:
        """Return a location in this file."""
        return Location(self.path.as_posix(), line, text)


@dataclass(frozen=True)
class Docstring:
    """Docstring as written, without surrounding blanks; `line` is that of its first word."""

    file: SourceFile
    line: int
    text: str


Files = Sequence[SourceFile]
Arrows = dict[tuple[str, str], Location]


def source_files(root: Path, packages: Sequence[str] = PRODUCTION) -> list[SourceFile]:
    """Return the source files of the packages, without migrations, in alphabetical order."""
    paths = sorted(path for package in packages for path in (root / package).rglob("*.py"))
    relative = (path.relative_to(root) for path in paths)
    return [
        SourceFile(path, (root / path).read_text(encoding="utf-8"))
        for path in relative
        if "migrations" not in path.parts
    ]


def imports(files: Files) -> Arrows:
    """Return the imports among the files as pairs of modules, each with its first location.

    Imports inside functions and those for type checking count like any other.
    """
    known = {file.module for file in files}
    found: Arrows = {}
    for file in files:
        for line, target in _targets(file, known):
            if target in known and target != file.module:
                found.setdefault((file.module, target), file.at(line, f"imports {target}"))
    return found


def _targets(file: SourceFile, known: set[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, file)
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield node.lineno, submodule if submodule in known else base


def _absolute(node: ast.ImportFrom, file: SourceFile) -> str:
    if not node.level:
        return node.module or ""
    package = file.path.parent.parts
    parts = package[: len(package) - node.level + 1]
    return ".".join((*parts, node.module) if node.module else parts)


def domain_nodes(files: Files) -> set[str]:
    """Return the sub-packages and top-level modules of `ingestion.domain`."""
    return {node for file in files if (node := _domain_node(file.module))}


def domain_arrows(files: Files) -> Arrows:
    """Return the imports between nodes of `ingestion.domain`, as ordered pairs of different nodes."""
    found: Arrows = {}
    for (importer, imported), location in imports(files).items():
        source, target = _domain_node(importer), _domain_node(imported)
        if source and target and source != target:
            found.setdefault((source, target), location)
    return found


def _domain_node(module: str) -> str:
    return module.removeprefix(DOMAIN + ".").split(".")[0] if module.startswith(DOMAIN + ".") else ""


def domain_order() -> dict[str, int]:
    """Return the level of each node, 0 at the bottom, from the import contract in this pyproject.toml."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "ingestion-domain")
    return {
        node.strip(" ()"): level for level, layer in enumerate(reversed(layers)) for node in re.split("[|:]", layer)
    }


def upward_arrows(files: Files) -> list[Location]:
    """Return the imports in `ingestion.domain` that do not point to a lower level, and those of unknown nodes."""
    order = domain_order()
    return [
        location
        for (source, target), location in sorted(domain_arrows(files).items())
        if order.get(source, -1) <= order.get(target, len(order))
    ]


def kernel_imports(files: Files) -> list[Location]:
    """Return the imports of ingestion, quality, review or workers by the kernel, as pairs of modules.

    The kernel is `refinery.core`. In the layout without it, kernel and /v1 endpoints shared the folder `refinery`:
    there, every module of `refinery` outside the composition roots (settings, stack, urls, routing, asgi) counts,
    `refinery.api` included. This is 93 for commit 4f4a3c7. The layered contract allows `refinery.api` to import
    the apps in the new layout, so it no longer counts; `project_imports` counts by the old rule in both layouts.
    """
    prefix = "refinery.core" if _has_core(files) else ""
    return [location for module, location in _upward(files) if f"{module}.".startswith(prefix)]


def project_imports(files: Files) -> list[Location]:
    """Return the imports of apps by any module of `refinery` outside the composition roots, in either layout."""
    return [location for _, location in _upward(files)]


def _upward(files: Files) -> Iterator[tuple[str, Location]]:
    for (importer, imported), location in sorted(imports(files).items()):
        package, _, inner = importer.partition(".")
        root = inner.split(".")[0] in COMPOSITION_ROOTS
        if package == "refinery" and not root and imported.split(".")[0] in APPS:
            yield importer, location


def _has_core(files: Files) -> bool:
    return any(file.module == "refinery.core" for file in files)


def functions(files: Files) -> list[int]:
    """Return the number of lines of each function and method."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for file in files
        for node in ast.walk(file.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def classes(files: Files) -> list[tuple[str, Location]]:
    """Return the classes, nested ones included, without the names that Django prescribes."""
    return [
        (node.name, file.at(node.lineno, f"class {node.name}"))
        for file in files
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ClassDef) and node.name not in REPEATABLE_CLASSES
    ]


def repeated_classes(files: Files) -> dict[str, list[Location]]:
    """Return the class names that are defined more than once."""
    return _repeated(classes(files), 1)


def bare_class_names(files: Files) -> list[Location]:
    """Return the classes whose whole name is a participle or an adjective."""
    return [location for name, location in classes(files) if is_participle_or_adjective(name.strip("_"))]


def is_participle_or_adjective(name: str) -> bool:
    """Return whether a class name is one word that is a participle or an adjective, not a noun.

    Irregular participles and adjectives are listed. Any other word in -ed, -en or -ing counts as a participle
    unless it is a listed noun, so a new noun of this form has to be added to the list.
    """
    if not re.fullmatch(r"[A-Z][a-z]+", name) or name in NOUNS_LIKE_PARTICIPLES:
        return False
    return name in IRREGULAR_PARTICIPLES | ADJECTIVES or name.endswith(("ed", "en", "ing"))


def repeated_file_names(files: Files) -> dict[str, list[Location]]:
    """Return the base names of more than two files, without the names that Django or Python prescribes."""
    named = [(file.path.stem, file.at(1, file.path.stem)) for file in files]
    return _repeated(
        (pair for pair in named if pair[0] not in DJANGO_FILES and not NUMBERED_MIGRATION.match(pair[0])), 2
    )


def _repeated(named: Iterable[tuple[str, Location]], allowed: int) -> dict[str, list[Location]]:
    places: dict[str, list[Location]] = defaultdict(list)
    for name, location in named:
        places[name].append(location)
    return {name: found for name, found in sorted(places.items()) if len(found) > allowed}


def docstrings(files: Files) -> list[Docstring]:
    """Return the docstrings of modules, classes and functions."""
    return [found for file in files for node in ast.walk(file.tree) if (found := _docstring(file, node))]


def _docstring(file: SourceFile, node: ast.AST) -> Docstring | None:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    text = ast.get_docstring(node, clean=False)
    if not text or not text.strip():
        return None
    blank = text[: len(text) - len(text.lstrip())]
    return Docstring(file, node.body[0].lineno + blank.count("\n"), text.strip())


def words(texts: Iterable[Docstring]) -> int:
    """Return the number of words, separated by white space."""
    return sum(len(docstring.text.split()) for docstring in texts)


def matches(texts: Iterable[Docstring], patterns: Sequence[str]) -> list[Location]:
    """Return every match of the patterns, letter case ignored; an anchor at the start is that of the docstring."""
    expressions = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
    return sorted(
        docstring.file.at(docstring.line + docstring.text.count("\n", 0, found.start()), " ".join(found[0].split()))
        for docstring in texts
        for expression in expressions
        for found in expression.finditer(docstring.text)
    )


def beginning_with_give(texts: Iterable[Docstring]) -> list[Location]:
    """Return the docstrings whose first word is "Give" or "Gives"."""
    return matches(texts, [r"\AGives?\b"])


def rate(found: Sequence[Location], texts: Iterable[Docstring]) -> float:
    """Return how many were found in 10,000 words."""
    return 10_000 * len(found) / max(1, words(texts))


def look_ups(root: Path) -> list[tuple[str, str, bool]]:
    """Return, for ten of the field's terms, the path that a newcomer tries first and whether code is there.

    A path without a suffix is a package. Webhooks are looked for in the kernel's folder, which the layouts name
    differently.
    """
    kernel = "refinery/core" if (root / "refinery" / "core").is_dir() else "refinery"
    guesses = {
        "OCR": "ingestion/domain/ocr",
        "layout": "ingestion/domain/layout",
        "field extraction": "ingestion/domain/extraction",
        "e-invoices": "ingestion/domain/einvoice",
        "checks": "quality/domain/checks",
        "routing": "quality/domain/routing.py",
        "certificate": "quality/domain/certificate.py",
        "claims": "review/services/claims.py",
        "the viewer's read model": "review/selectors/viewer.py",
        "webhooks": f"{kernel}/webhooks",
    }
    return [(term, path, _has_code(root / path)) for term, path in guesses.items()]


def _has_code(path: Path) -> bool:
    return path.is_file() or (path / "__init__.py").is_file()


def measure(root: Path) -> dict[str, float | None]:
    """Return the figures of a checkout by name; those of the domain's order are None where a node has no level."""
    production = source_files(root)
    everything = [*production, *source_files(root, ("samples", "benchmarks"))]
    sizes = [file.lines for file in production]
    texts = docstrings(production)
    ordered = domain_nodes(production) <= domain_order().keys()
    return {
        "production files": len(production),
        "lines of a file, median": median(sizes),
        "lines of a file, largest": max(sizes),
        "lines of production code": sum(sizes),
        "lines with samples and benchmarks": sum(file.lines for file in everything),
        "functions": len(functions(production)),
        "lines of a function, median": median(functions(production)),
        "nodes of ingestion.domain": len(domain_nodes(production)),
        "arrows inside ingestion.domain": len(domain_arrows(production)),
        "arrows upwards in its order": len(upward_arrows(production)) if ordered else None,
        "upward imports of the kernel": len(kernel_imports(production)),
        "imports of apps by refinery, without composition roots": len(project_imports(production)),
        "class names defined twice or more": len(repeated_classes(production)),
        "class names that are bare participles or adjectives": len(bare_class_names(production)),
        "base file names in more than two places": len(repeated_file_names(production)),
        "docstrings": len(texts),
        "words of docstrings": words(texts),
        'docstrings beginning with "Give"': len(beginning_with_give(texts)),
        "marker words in 10,000, house list": round(rate(matches(texts, HOUSE), texts), 1),
        "marker words in 10,000, strict list": round(rate(matches(texts, STRICT), texts), 1),
    }


def main() -> int:
    """Print the figures of a checkout, beside those of an earlier one if asked."""
    parser = argparse.ArgumentParser(description="Measure sizes, imports, names and language of a checkout.")
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout (default: this one)")
    parser.add_argument("--before", type=Path, help="an earlier checkout, measured in the same run, to compare with")
    parser.add_argument("--json", action="store_true", help="print JSON in place of tables")
    options = parser.parse_args()
    roots = [options.root] if options.before is None else [options.before, options.root]
    for root in roots:
        if not (root / "refinery").is_dir():
            parser.error(f"{root} is not a checkout of Refinery")
    measured, found = [measure(root) for root in roots], [look_ups(root) for root in roots]
    if options.json:
        exists = {path: there for _, path, there in found[-1]}
        print(json.dumps({"figures": measured[-1], "look_ups": exists}, indent=2))
        return 0
    heads = ("now",) if options.before is None else ("before", "now")
    print(table(("figure", *heads), [(name, *(_number(each[name]) for each in measured)) for name in measured[-1]]))
    print()
    guesses = [(term, path, *(_yes(each[at][2]) for each in found)) for at, (term, path, _) in enumerate(found[-1])]
    print(table(("term", "first guess", *heads), guesses))
    return 0


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,g}"


def _yes(exists: bool) -> str:
    return "yes" if exists else "no"


if __name__ == "__main__":
    sys.exit(main())
