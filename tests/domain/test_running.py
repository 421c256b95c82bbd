"""Running heads and feet: told by what recurs at the edges of neighbouring pages."""

import pytest

from ingestion.domain.layout.running_heads import edges_of, running_lines, with_running
from ingestion.domain.page.elements import Block, BlockKind, PageReading, Word, WordSource
from tests.domain.arranging.setting import laid, put, put_lines, put_rows

TALES = (
    ("the goods were sent to the northern", "branch by ship and have not been"),
    ("repairs to the roof were put off once", "more until the works are finished"),
    ("an auditor will look at the costs of", "the previous year before the summer"),
    ("the training of apprentices goes on as", "agreed with both parties in writing"),
)


def page(number: int, head: str = "", foot: str = "", *, body: list[Word] | None = None) -> PageReading:
    """Set a page with a line at its top and one at its bottom."""
    tale = body if body is not None else put_lines((*TALES[number % 4], f"seen on day {number * 7}"), 0.1, 0.4)
    layout = laid(put(head, 0.1, 0.04) + tale + put(foot, 0.1, 0.95))
    return PageReading(number, 1240, 1754, WordSource.NATIVE, 1.0, layout.words, layout.blocks)


def kinds(pages: list[PageReading]) -> list[list[tuple[str, str]]]:
    """Give each page's blocks once heads and feet are told."""
    found = running_lines([edges_of(one) for one in pages])
    told = []
    for one in pages:
        blocks = with_running(one, found[one.number]) if one.number in found else one.blocks
        assert [i for block in blocks for i in range(block.start, block.stop)] == list(range(len(one.words)))
        told.append([(block.kind.value, text_of_page(one, block)) for block in blocks])
    return told


def text_of_page(one: PageReading, block: Block) -> str:
    return " ".join(word.text for word in one.words[block.start : block.stop])


def test_what_recurs_at_the_edges_is_head_and_foot() -> None:
    told = kinds([page(n, "Harbour Works Ltd", f"Page {n} of 3") for n in (1, 2, 3)])
    for number, blocks in enumerate(told, 1):
        assert blocks[0] == ("header", "Harbour Works Ltd")
        assert blocks[-1] == ("footer", f"Page {number} of 3")
        assert {kind for kind, _ in blocks[1:-1]} == {"paragraph"}


def test_a_misread_head_is_one_all_the_same() -> None:
    told = kinds([page(1, "Harbour Works Ltd"), page(2, "Harb0ur Works Ltd"), page(3, "Harbour Works Ltd")])
    assert [blocks[0][0] for blocks in told] == ["header"] * 3


def test_left_and_right_pages_may_have_heads_of_their_own() -> None:
    heads = ("Harbour Works", "Annual report", "Harbour Works", "Annual report")
    told = kinds([page(n, head) for n, head in enumerate(heads, 1)])
    assert [blocks[0] for blocks in told] == [("header", head) for head in heads]


def test_a_page_number_alone_is_a_foot_even_on_a_single_page() -> None:
    assert kinds([page(1, "", "Page 1 of 1")])[0][-1] == ("footer", "Page 1 of 1")


def test_what_stands_on_one_page_alone_is_its_own() -> None:
    told = kinds(
        [page(1, "Dear Sir or Madam"), page(2, "we remain yours truly"), page(3, "postscript to the above")]
    )
    assert all(kind == "paragraph" for blocks in told for kind, _ in blocks)


def test_lines_in_the_middle_that_recur_are_no_heads() -> None:
    told = kinds([page(n, body=put("Terms of payment", 0.1, 0.5)) for n in (1, 2, 3)])
    assert all(kind not in ("header", "footer") for blocks in told for kind, _ in blocks)


def test_copies_of_one_page_have_no_heads() -> None:
    body = put_lines([line for tale in TALES for line in tale], 0.1, 0.3)
    told = kinds([page(n, "Invoice of Harbour Works", body=body) for n in (1, 2)])
    assert all(blocks[0][0] != "header" for blocks in told)


def test_a_table_is_never_cut_by_a_head() -> None:
    rows = [("Copper wire", "4", "0.20"), ("Door hinge", "10", "0.05"), ("Oak board", "8", "12.10")]
    pages = [page(n, body=put_rows(rows, (0.1, 0.5, 0.8), 0.1)) for n in (1, 2)]
    for one in pages:
        found = running_lines([edges_of(other) for other in pages])
        blocks = with_running(one, found[one.number]) if one.number in found else one.blocks
        assert [block.kind for block in blocks if block.table] in ([BlockKind.TABLE], [BlockKind.HEADER])


@pytest.mark.parametrize("count", [1, 2, 40])
def test_pages_without_a_word_have_neither(count: int) -> None:
    empty = [PageReading(n, 100, 140, WordSource.NATIVE, 1.0) for n in range(1, count + 1)]
    assert running_lines([edges_of(one) for one in empty]) == {}


def test_rows_of_numbers_that_go_on_over_pages_are_no_feet() -> None:
    told = kinds([page(n, "Harbour Works Ltd", f"{n * 40} {n * n * 1600}") for n in (1, 2, 3)])
    assert [blocks[0][0] for blocks in told] == ["header"] * 3
    assert "footer" not in {kind for blocks in told for kind, _ in blocks}
