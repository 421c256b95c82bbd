"""Detection of document starts in a file: separator sheets and page features, and their use by split mode."""

from dataclasses import replace

import pytest

from ingestion.domain.extraction.classification import Classification
from ingestion.domain.page.barcodes import Barcode
from ingestion.domain.page.elements import ImageMeasures, PageReading, Word, WordSource
from ingestion.domain.splitting.boundaries import Boundary, is_blank
from ingestion.domain.splitting.detection import (
    BLANK,
    SEPARATOR,
    SplitMode,
    SplitRules,
    find_boundaries,
    find_split_plan,
    separator_key,
)
from refinery.core.types import BoundingBox

BOX = BoundingBox(0.1, 0.1, 0.2, 0.12)
EMPTY = ImageMeasures(dpi=200, sharpness=1, contrast=0.01, skew_degrees=0, ink=0.0001, ink_at_edge=0)
BODY = "the goods were delivered on time and in good order as agreed."
AUTOMATIC_RULES = SplitRules(SplitMode.AUTOMATIC)


def page(number: int, text: str, *, codes: tuple[str, ...] = (), **changes: object) -> PageReading:
    """Place lines of words from the top of a page to the bottom."""
    words = []
    for line, row in enumerate(text.splitlines()):
        for column, part in enumerate(row.split()):
            y = 0.03 + 0.04 * line
            box = BoundingBox.clipped(0.05 + 0.06 * column, y, 0.1 + 0.06 * column, y + 0.02)
            words.append(Word(part, box, 0.99, WordSource.NATIVE, line))
    found = tuple(Barcode("qr_code", content, BOX) for content in codes)
    made = PageReading(number, 1000, 1414, WordSource.NATIVE, 0.99, tuple(words), codes=found)
    return replace(made, **changes)  # type: ignore[arg-type]  # a test names what it needs


def blank(number: int) -> PageReading:
    """Return an empty page."""
    return page(number, "", measures=EMPTY)


def invoice(number: int, name: str, of: str = "", supplier: str = "Harbour Paper Ltd") -> PageReading:
    """Return a page of an invoice."""
    return page(number, f"{supplier}\nQuay Street Bristol\nInvoice\nInvoice number: {name}\n{BODY}\n{of}")


def stays_whole(pages: list[PageReading]) -> bool:
    """Return whether there is nothing to split."""
    found = find_split_plan(pages, SplitRules())
    return not found.parts or (len(found.parts) == 1 and not found.dropped)


def parts(pages: list[PageReading], rules: SplitRules = AUTOMATIC_RULES) -> list[tuple[int, ...]]:
    """Return the pages of each child document."""
    return [part.pages for part in find_split_plan(pages, rules).parts]


def test_split_separator_by_code_or_single_line_belongs_to_no_part() -> None:
    sheets = [
        page(2, "Separator sheet", codes=("refinery-separator",)),
        page(2, "REFINERY - SEPARATOR"),
        page(2, "PATCH T"),
    ]
    for sheet in sheets:
        found = find_split_plan([page(1, BODY), sheet, page(3, BODY)], SplitRules(SplitMode.SEPARATORS))
        assert [part.pages for part in found.parts] == [(1,), (3,)]
        assert found.dropped == {2: SEPARATOR}
        assert found.parts[1].reasons == (SEPARATOR,)


def test_split_code_among_many_words_is_content() -> None:
    """A manual that shows a separator code is not a separator."""
    manual = page(2, "\n".join([BODY] * 6), codes=("REFINERY-SEPARATOR",))
    assert stays_whole([page(1, BODY), manual, page(3, BODY)])
    assert stays_whole([page(1, BODY), page(2, BODY, codes=("https://example.org",))])


def test_split_tenant_separator_replaces_default_ones() -> None:
    rules = SplitRules(separators=("NEW CASE",))
    pages = [page(1, BODY), page(2, "new case"), page(3, BODY)]
    assert parts(pages, rules) == [(1,), (3,)]
    assert parts([page(1, BODY), page(2, "PATCHT"), page(3, BODY)], rules) == [(1, 2, 3)]
    assert parts([page(1, ""), page(2, BODY)], SplitRules(separators=("", " "))) == [(1, 2)]


@pytest.mark.parametrize("place", [1, 3])
def test_split_separators_at_ends_or_doubled_make_no_empty_part(place: int) -> None:
    sheet = page(1, "PATCHT")
    pages = [page(1, BODY), page(2, BODY), page(3, BODY)]
    pages[place - 1 : place] = [sheet, sheet] if place == 1 else [page(3, BODY), sheet, sheet]
    numbered = [replace(one, number=number) for number, one in enumerate(pages, 1)]
    assert parts(numbered) == [tuple(one.number for one in numbered if one.words[0].text != "PATCHT")]


def test_split_file_of_separators_only_stays_whole() -> None:
    assert stays_whole([page(1, "PATCHT"), page(2, "PATCHT")])


def test_split_blank_pages_separate_only_if_tenant_enables_it() -> None:
    pages = [page(1, BODY), blank(2), page(3, BODY)]
    assert parts(pages) == [(1, 2, 3)]
    found = find_split_plan(pages, SplitRules(blank=True))
    assert ([part.pages for part in found.parts], found.dropped) == ([(1,), (3,)], {2: BLANK})


def test_split_unread_page_is_neither_blank_nor_a_beginning() -> None:
    lost = page(2, "", error="corrupt")
    assert not is_blank(lost)
    assert parts([invoice(1, "A-100"), lost, invoice(3, "A-100")], SplitRules(blank=True)) == [(1, 2, 3)]
    assert 2 not in find_boundaries([invoice(1, "A-100"), lost, invoice(3, "B-200")], ())


def test_split_invoices_are_separated_by_number_and_page_count() -> None:
    stack = [
        invoice(1, "A-100", "page 1 of 2"),
        invoice(2, "A-100", "page 2 of 2"),
        invoice(3, "B-200", "page 1 of 1", "Moss & Sons"),
    ]
    found = find_boundaries(stack, ())
    assert found[2].chance < 0.02
    assert found[3].chance > 0.98
    assert found[3].reasons[:2] == ("counter_restarts", "other_number")
    assert parts(stack) == [(1, 2), (3,)]


def test_split_below_certainty_is_suggested_only() -> None:
    """The suggested boundary counts pages within the child document."""
    letter = "Dear colleague\nplease find below what we spoke about last week\nwith kind regards"
    stack = [page(1, BODY), page(2, "PATCHT"), page(3, letter), invoice(4, "B-200")]
    found = find_split_plan(stack, SplitRules())
    assert [part.pages for part in found.parts] == [(1,), (3, 4)]
    (doubt,) = found.parts[1].boundaries
    assert (doubt.page, 0.5 <= doubt.chance < 0.98) == (2, True)
    assert "title" in doubt.reasons
    assert find_split_plan(stack, replace(SplitRules(), mode=SplitMode.SEPARATORS)).parts[1].boundaries == ()


def test_split_certain_boundary_is_cut_in_automatic_mode_only() -> None:
    stack = [invoice(1, "A-100", "page 1 of 1"), invoice(2, "B-200", "page 1 of 1", "Moss & Sons")]
    assert parts(stack) == [(1,), (2,)]
    assert parts(stack, SplitRules()) == [(1, 2)]
    assert find_split_plan(stack, SplitRules()).parts[0].boundaries[0].page == 2


@pytest.mark.parametrize(
    "follower",
    [
        page(2, f"Carried forward 120.00\n{BODY}"),
        page(2, "and the second half of a sentence that began before goes on here."),
        page(2, f"Harbour Paper Ltd\nQuay Street Bristol\nInvoice number: A-100\n{BODY}"),
        page(2, f"Harbour Paper Ltd\nQuay Street Bristol\n{BODY}\nPage 2 of 3"),
    ],
    ids=["carried", "sentence", "same-number", "counted"],
)
def test_boundaries_continuation_page_begins_nothing(follower: PageReading) -> None:
    first = page(1, f"Harbour Paper Ltd\nQuay Street Bristol\nInvoice\nInvoice number: A-100\n{BODY[:-1]}")
    assert find_boundaries([first, follower], ())[2].chance < 0.5


def test_boundaries_page_kind_counts_only_if_certain() -> None:
    first, second = page(1, BODY), page(2, BODY)
    sure = [Classification("invoice", 0.95, ()), Classification("lab_report", 0.95, ())]
    unsure = [sure[0], Classification("lab_report", 0.4, ())]
    with_kinds, without = (find_boundaries([first, second], (), kinds)[2] for kinds in (sure, unsure))
    assert "other_kind" in with_kinds.reasons
    assert with_kinds.chance > without.chance


def test_split_blank_back_page_stays_with_its_front() -> None:
    """An empty page between two documents belongs to the first; it is not a document."""
    stack = [invoice(1, "A-100", "1/1"), blank(2), invoice(3, "B-200", "1/1", "Moss & Sons")]
    assert parts(stack) == [(1, 2), (3,)]
    assert "blank_before" in find_boundaries(stack, ())[3].reasons


def test_boundaries_date_or_fraction_is_no_page_count() -> None:
    for text in ("due 1/30/2026", "ratio 1/2 of it", "page 5 of 3", "invoice 1 of 2 reminders sent"):
        found = find_boundaries([page(1, BODY), page(2, f"{BODY}\n{BODY}\n{BODY}\n{text}\n{BODY}\n{BODY}\n{BODY}")], ())
        assert "counter_restarts" not in found[2].reasons, text


def test_separator_key_ignores_blanks_and_case() -> None:
    assert separator_key(" Patch T\n") == separator_key("PATCHT")


def test_boundary_has_value_equality() -> None:
    assert Boundary(2, 0.9, ()) == Boundary(2, 0.9, ())
