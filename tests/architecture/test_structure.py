"""Structure of production code: sizes, imports, names and language, by the functions that print the figures."""

from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median, quantiles

import pytest

from benchmarks import structure
from benchmarks.structure import ROOT, Docstring, Location, SourceFile

MARKERS_ALLOWED = 15
ARROWS_ALLOWED = 25
REPEATED_FILE_NAMES_ALLOWED = 10
MEDIAN_LINES, MOST_LINES, LINES = 100, 300, 500

CheckoutFactory = Callable[[dict[str, str]], list[SourceFile]]


@pytest.fixture(scope="module")
def production() -> list[SourceFile]:
    """Return the production files of this checkout."""
    return structure.source_files(ROOT)


@pytest.fixture(scope="module")
def texts(production: list[SourceFile]) -> list[Docstring]:
    """Return the docstrings of production code."""
    return structure.docstrings(production)


@pytest.fixture
def checkout(tmp_path: Path) -> CheckoutFactory:
    """Return a function that writes files by path and parses them as a checkout."""

    def write(contents: dict[str, str]) -> list[SourceFile]:
        for name, source in contents.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(source)
        return structure.source_files(tmp_path)

    return write


def listed(headline: str, found: Iterable[Location]) -> str:
    """Return a failure message: the headline, then one location a line."""
    return "\n".join((headline, *map(str, found)))


def flat(repeated: dict[str, list[Location]]) -> list[Location]:
    """Return all locations of repeated names, name by name."""
    return [location for places in repeated.values() for location in places]


def test_class_names_in_production_are_nouns(production: list[SourceFile]) -> None:
    found = structure.bare_class_names(production)
    assert not found, listed(f"{len(found)} class names are bare participles or adjectives:", found)


def test_class_names_in_production_are_unique(production: list[SourceFile]) -> None:
    found = structure.repeated_classes(production)
    assert not found, listed(f"{len(found)} class names are defined more than once:", flat(found))


def test_file_names_in_production_are_rarely_repeated(production: list[SourceFile]) -> None:
    found = structure.repeated_file_names(production)
    headline = f"{len(found)} base names occur in more than two places, {REPEATED_FILE_NAMES_ALLOWED} are allowed:"
    assert len(found) <= REPEATED_FILE_NAMES_ALLOWED, listed(headline, flat(found))


def test_docstrings_in_production_have_few_marker_words(texts: list[Docstring]) -> None:
    found = structure.matches(texts, structure.HOUSE)
    rate = structure.rate(found, texts)
    headline = f"{rate:.1f} marker words in 10,000, fewer than {MARKERS_ALLOWED} are allowed:"
    assert rate < MARKERS_ALLOWED, listed(headline, found)


def test_docstrings_in_production_never_begin_with_give(texts: list[Docstring]) -> None:
    found = structure.beginning_with_give(texts)
    assert not found, listed(f'{len(found)} docstrings begin with "Give" in place of "Return":', found)


def test_domain_arrows_in_ingestion_stay_few(production: list[SourceFile]) -> None:
    found = structure.domain_arrows(production)
    headline = f"{len(found)} arrows between packages of ingestion.domain, {ARROWS_ALLOWED} are allowed:"
    assert len(found) <= ARROWS_ALLOWED, listed(headline, found.values())


def test_domain_nodes_in_ingestion_have_a_level(production: list[SourceFile]) -> None:
    assert structure.domain_nodes(production) == structure.domain_order().keys()


def test_domain_arrows_in_ingestion_point_downwards(production: list[SourceFile]) -> None:
    found = structure.upward_arrows(production)
    assert not found, listed(f"{len(found)} arrows of ingestion.domain point upwards:", found)


def test_kernel_imports_of_apps_are_absent(production: list[SourceFile]) -> None:
    found = structure.kernel_imports(production)
    assert not found, listed(f"{len(found)} imports of the kernel point upwards:", found)


def test_file_sizes_in_production_stay_small(production: list[SourceFile]) -> None:
    sizes = [file.lines for file in production]
    large = [file.at(1, f"{file.lines} lines") for file in production if file.lines >= MOST_LINES]
    assert median(sizes) <= MEDIAN_LINES, f"the median file has {median(sizes)} lines, {MEDIAN_LINES} are allowed"
    assert quantiles(sizes, n=10)[-1] < MOST_LINES, listed("more than one file in ten is large:", large)
    assert max(sizes) <= LINES, listed(f"the largest file has {max(sizes)} lines, {LINES} are allowed:", large)


def test_look_ups_by_standard_term_find_code() -> None:
    missing = [f"{term}: {path}" for term, path, exists in structure.look_ups(ROOT) if not exists]
    assert not missing, "\n".join(("no code at the path that a newcomer tries first:", *missing))


@pytest.mark.parametrize("name", ["Told", "Worn", "Recognised", "Broken", "Standing", "Old"])
def test_class_name_when_participle_or_adjective_is_reported(name: str) -> None:
    assert structure.is_participle_or_adjective(name)


@pytest.mark.parametrize("name", ["Need", "Reading", "Heading", "Token", "KeptFile", "Document", "HTTPError"])
def test_class_name_when_noun_or_compound_is_accepted(name: str) -> None:
    assert not structure.is_participle_or_adjective(name)


def test_imports_with_relative_and_submodule_forms_are_resolved(checkout: CheckoutFactory) -> None:
    files = checkout(
        {
            "review/__init__.py": "",
            "review/models.py": "",
            "review/api/__init__.py": "from .. import models\n",
            "review/api/tasks.py": "import json\n\nfrom ..models import Task\nfrom review import api\n",
        }
    )
    assert {pair: location.line for pair, location in structure.imports(files).items()} == {
        ("review.api", "review.models"): 1,
        ("review.api.tasks", "review.models"): 3,
        ("review.api.tasks", "review.api"): 4,
    }


def test_kernel_imports_with_core_package_leave_out_the_api(checkout: CheckoutFactory) -> None:
    files = checkout(
        {
            "ingestion/models.py": "",
            "refinery/core/__init__.py": "",
            "refinery/core/web.py": "def check():\n    from ingestion import models\n",
            "refinery/api/documents.py": "import ingestion.models\n",
            "refinery/urls.py": "import ingestion.models\n",
        }
    )
    assert [str(found) for found in structure.kernel_imports(files)] == [
        "refinery/core/web.py:2: imports ingestion.models"
    ]
    assert len(structure.project_imports(files)) == 2


def test_kernel_imports_without_core_package_include_the_api(checkout: CheckoutFactory) -> None:
    files = checkout({"ingestion/models.py": "", "refinery/api/documents.py": "import ingestion.models\n"})
    assert len(structure.kernel_imports(files)) == 1


def test_upward_arrows_of_unknown_or_sibling_nodes_are_reported(checkout: CheckoutFactory) -> None:
    files = checkout(
        {
            "ingestion/domain/layout/rows.py": "from ingestion.domain.page import words\n",
            "ingestion/domain/page/words.py": "from ingestion.domain import schemas\n",
            "ingestion/domain/schemas.py": "from ingestion.domain.novel import thing\n",
            "ingestion/domain/novel.py": "from ingestion.domain import errors\n",
            "ingestion/domain/errors.py": "",
        }
    )
    assert [found.path for found in structure.upward_arrows(files)] == [
        "ingestion/domain/novel.py",
        "ingestion/domain/page/words.py",
        "ingestion/domain/schemas.py",
    ]


def test_markers_across_lines_are_found_with_their_line(checkout: CheckoutFactory) -> None:
    files = checkout({"review/desk.py": '"""\nReturn a row of its\nown, told once.\n"""\n'})
    found = structure.matches(structure.docstrings(files), structure.HOUSE)
    assert [str(location) for location in found] == ["review/desk.py:2: of its own", "review/desk.py:3: told"]


def test_repeated_names_prescribed_by_django_are_ignored(checkout: CheckoutFactory) -> None:
    source = "class Row:\n    class Meta:\n        pass\n"
    files = checkout({f"{app}/{name}.py": source for app in structure.APPS for name in ("models", "rows")})
    assert structure.repeated_classes(files).keys() == {"Row"}
    assert structure.repeated_file_names(files).keys() == {"rows"}
