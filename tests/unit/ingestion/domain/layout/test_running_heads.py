"""Running heads and feet are recognised by recurrence at the edges of neighbouring pages."""

import pytest

from ingestion.domain.layout.running_heads import find_headers_and_footers, mark_headers_and_footers, page_edges
from ingestion.domain.page.elements import Block, BlockKind, PageReading, Word, WordSource
from tests.support.page_words import analyzed, place_lines, place_rows, place_text

BODY_TEXTS = (
    ("the goods were sent to the northern", "branch by ship and have not been"),
    ("repairs to the roof were put off once", "more until the works are finished"),
    ("an auditor will look at the costs of", "the previous year before the summer"),
    ("the training of apprentices goes on as", "agreed with both parties in writing"),
)


def page(number: int, head: str = "", foot: str = "", *, body: list[Word] | None = None) -> PageReading:
    """Return a page with a line at its top and one at its bottom."""
    tale = body if body is not None else place_lines((*BODY_TEXTS[number % 4], f"seen on day {number * 7}"), 0.1, 0.4)
    layout = analyzed(place_text(head, 0.1, 0.04) + tale + place_text(foot, 0.1, 0.95))
    return PageReading(number, 1240, 1754, WordSource.NATIVE, 1.0, layout.words, layout.blocks)


def kinds(pages: list[PageReading]) -> list[list[tuple[str, str]]]:
    """Return each page's blocks after heads and feet are marked."""
    found = find_headers_and_footers([page_edges(one) for one in pages])
    marked = []
    for one in pages:
        blocks = mark_headers_and_footers(one, found[one.number]) if one.number in found else one.blocks
        assert [i for block in blocks for i in range(block.start, block.stop)] == list(range(len(one.words)))
        marked.append([(block.kind.value, text_of_page(one, block)) for block in blocks])
    return marked


def text_of_page(one: PageReading, block: Block) -> str:
    return " ".join(word.text for word in one.words[block.start : block.stop])


def test_running_heads_recurring_edge_lines_are_header_and_footer() -> None:
    pages = kinds([page(n, "Harbour Works Ltd", f"Page {n} of 3") for n in (1, 2, 3)])
    for number, blocks in enumerate(pages, 1):
        assert blocks[0] == ("header", "Harbour Works Ltd")
        assert blocks[-1] == ("footer", f"Page {number} of 3")
        assert {kind for kind, _ in blocks[1:-1]} == {"paragraph"}


def test_running_heads_misread_header_is_recognised() -> None:
    pages = kinds([page(1, "Harbour Works Ltd"), page(2, "Harb0ur Works Ltd"), page(3, "Harbour Works Ltd")])
    assert [blocks[0][0] for blocks in pages] == ["header"] * 3


def test_running_heads_left_and_right_pages_may_differ() -> None:
    heads = ("Harbour Works", "Annual report", "Harbour Works", "Annual report")
    pages = kinds([page(n, head) for n, head in enumerate(heads, 1)])
    assert [blocks[0] for blocks in pages] == [("header", head) for head in heads]


def test_running_heads_page_number_on_single_page_is_footer() -> None:
    assert kinds([page(1, "", "Page 1 of 1")])[0][-1] == ("footer", "Page 1 of 1")


def test_running_heads_line_on_one_page_only_is_body() -> None:
    pages = kinds([page(1, "Dear Sir or Madam"), page(2, "we remain yours truly"), page(3, "postscript to the above")])
    assert all(kind == "paragraph" for blocks in pages for kind, _ in blocks)


def test_running_heads_recurring_middle_line_is_body() -> None:
    pages = kinds([page(n, body=place_text("Terms of payment", 0.1, 0.5)) for n in (1, 2, 3)])
    assert all(kind not in ("header", "footer") for blocks in pages for kind, _ in blocks)


def test_running_heads_copies_of_one_page_have_none() -> None:
    body = place_lines([line for tale in BODY_TEXTS for line in tale], 0.1, 0.3)
    pages = kinds([page(n, "Invoice of Harbour Works", body=body) for n in (1, 2)])
    assert all(blocks[0][0] != "header" for blocks in pages)


def test_running_heads_never_cut_a_table() -> None:
    rows = [("Copper wire", "4", "0.20"), ("Door hinge", "10", "0.05"), ("Oak board", "8", "12.10")]
    pages = [page(n, body=place_rows(rows, (0.1, 0.5, 0.8), 0.1)) for n in (1, 2)]
    for one in pages:
        found = find_headers_and_footers([page_edges(other) for other in pages])
        blocks = mark_headers_and_footers(one, found[one.number]) if one.number in found else one.blocks
        assert [block.kind for block in blocks if block.table] in ([BlockKind.TABLE], [BlockKind.HEADER])


@pytest.mark.parametrize("count", [1, 2, 40])
def test_running_heads_pages_without_words_have_none(count: int) -> None:
    empty = [PageReading(n, 100, 140, WordSource.NATIVE, 1.0) for n in range(1, count + 1)]
    assert find_headers_and_footers([page_edges(one) for one in empty]) == {}


def test_running_heads_continued_number_rows_are_not_footer() -> None:
    pages = kinds([page(n, "Harbour Works Ltd", f"{n * 40} {n * n * 1600}") for n in (1, 2, 3)])
    assert [blocks[0][0] for blocks in pages] == ["header"] * 3
    assert "footer" not in {kind for blocks in pages for kind, _ in blocks}
