"""A07: PDFs of a few kilobytes that ask for gigabytes or for ever."""

import zlib

from tests.hostile.pdf import FREE, PAGE, TEXT, flate, one_page, page_objects, pdf, repeated, stream
from tests.hostile.pdf import PAGES as TREE
from tests.hostile.specimen import DAMAGED, PAGES, Specimen, one_of

MEGABYTE = 2**20
GIGABYTE = 1024
"""In megabytes."""
SPENT = one_of(PAGES, "resource_limit")
"""Read for all that, or stopped at a limit."""


def flate_bomb(pattern: bytes = b" ", megabytes: int = GIGABYTE) -> bytes:
    """Unpack a page's content to a gigabyte."""
    data = repeated(pattern * (MEGABYTE // len(pattern)), megabytes)
    return one_page(stream(data, b"/Filter /FlateDecode"))


def nested_flate() -> bytes:
    """Wrap a gigabyte three times: a few hundred bytes."""
    data = zlib.compress(zlib.compress(repeated(b" " * MEGABYTE, GIGABYTE), 9), 9)
    return one_page(stream(data, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"))


def many_filters(count: int = 5_000) -> bytes:
    """Name five thousand filters for one stream."""
    return one_page(stream(TEXT, b"/Filter [" + b"/ASCIIHexDecode " * count + b"]"))


def picture(width: int, height: int, entries: bytes, data: bytes) -> bytes:
    """Show one picture over the whole page."""
    image = b"/Type /XObject /Subtype /Image /Width %d /Height %d %s" % (width, height, entries)
    return one_page(
        b"q 595 0 0 842 0 0 cm /Im Do Q",
        resources=b"/XObject << /Im 10 0 R >>",
        more={FREE: stream(data, image)},
    )


def flate_picture(side: int = 18_000) -> bytes:
    """Show a picture that unpacks to a gigabyte."""
    entries = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    return picture(side, side, entries, repeated(bytes(side * 3 * 50), side // 50))


def fax_picture(side: int = 60_000) -> bytes:
    """Show a fax of 3,600 million pixels whose every line is like the one above: one bit each."""
    fax = b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d >>" % (side, side)
    return picture(side, side, b"/ColorSpace /DeviceGray /BitsPerComponent 1 " + fax, b"\xff" * (side // 8))


def wide_predictor() -> bytes:
    """Predict rows of two thousand million columns."""
    rows = b"/DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 32 /BitsPerComponent 16 >>"
    return one_page(stream(zlib.compress(TEXT), b"/Filter /FlateDecode " + rows))


def claimed_picture() -> bytes:
    """Claim a picture of 100,000 pixels each way."""
    return picture(100_000, 100_000, b"/ColorSpace /DeviceRGB /BitsPerComponent 8", bytes(99))


def laughs(depth: int = 12, width: int = 12) -> bytes:
    """Draw a form that draws the next one twelve times, and so on."""
    names = b" ".join(b"/F Do" for _ in range(width))
    forms = {}
    for level in range(depth):
        resources = b"/Resources << /XObject << /F %d 0 R >> /Font << /F1 5 0 R >> >>" % (FREE + level + 1)
        content = names if level < depth - 1 else TEXT
        forms[FREE + level] = stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + resources)
    return one_page(b"/F Do", resources=b"/XObject << /F 10 0 R >>", more=forms)


def form_in_itself() -> bytes:
    """Draw a form that draws itself."""
    form = stream(
        TEXT + b" /F Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
        b" /Resources << /XObject << /F 10 0 R >> /Font << /F1 5 0 R >> >>",
    )
    return one_page(b"/F Do", resources=b"/XObject << /F 10 0 R >>", more={FREE: form})


def glyph_in_itself() -> bytes:
    """Print a letter whose drawing prints the letter."""
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0]"
        b" /FirstChar 97 /LastChar 97 /Widths [1000] /Encoding << /Differences [97 /a] >>"
        b" /CharProcs << /a 11 0 R >> /Resources << /Font << /F1 10 0 R >> >> >>"
    )
    drawing = stream(b"1000 0 d0 BT /F1 900 Tf (aaaaaaaa) Tj ET 0 0 500 500 re f")
    objects = page_objects(b"BT /F1 18 Tf 72 700 Td (aaaaaaaa) Tj ET") | {5: font, FREE: font, FREE + 1: drawing}
    return pdf(objects)


def tiny_tiles() -> bytes:
    """Fill the page with a pattern that repeats every millionth of a point."""
    pattern = stream(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.000001"
        b" /YStep 0.000001 /Resources << >>",
    )
    content = b"/Pattern cs /P scn 0 0 595 842 re f"
    return one_page(content, resources=b"/Pattern << /P 10 0 R >>", more={FREE: pattern})


def tiny_dashes() -> bytes:
    """Draw lines of dashes too small to see, thousands of millions of them."""
    return one_page(b"[0.0000001] 0 d 1 w " + b"0 0 m 595 842 l 0 842 l S " * 50)


def many_paths(megabytes: int = 64) -> bytes:
    """Draw millions of curves over the whole page."""
    return flate_bomb(b"0 0 m 900 900 -900 900 595 842 c S ", megabytes)


def many_letters(megabytes: int = 32) -> bytes:
    """Print millions of letters on one page."""
    line = b"BT /F1 2 Tf 1 0 0 1 9 9 Tm (" + b"abcdefgh " * 50 + b") Tj ET "
    return flate_bomb(line, megabytes)


def masks_in_masks(depth: int = 60) -> bytes:
    """Paint through a soft mask that is painted through a soft mask, and so on."""
    forms = {}
    for level in range(depth):
        inner, form = FREE + 2 * level + 2, FREE + 2 * level
        state = b"/ExtGState << /G << /SMask << /Type /Mask /S /Luminosity /G %d 0 R >> >> >>" % inner
        resources = b"" if level == depth - 1 else state
        content = b"0 0 595 842 re f" if level == depth - 1 else b"/G gs 0 0 595 842 re f"
        forms[form] = stream(
            content,
            b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /CS /DeviceGray >>"
            b" /Resources << " + resources + b" >>",
        )
    return one_page(
        b"/G gs 0 0 595 842 re f",
        resources=b"/ExtGState << /G << /SMask << /Type /Mask /S /Luminosity /G 10 0 R >> >> >>",
        more=forms,
    )


def tree_loop() -> bytes:
    """Make the page tree its own child."""
    return pdf(page_objects() | {TREE: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"})


def tree_of_two() -> bytes:
    """Let two nodes of the tree hold one another."""
    node = b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 4 >>"
    return pdf(page_objects() | {TREE: b"<< /Type /Pages /Kids [10 0 R] /Count 4 >>", FREE: node})


def parent_loop() -> bytes:
    """Inherit from a parent that inherits from its child."""
    return pdf(
        page_objects()
        | {
            TREE: b"<< /Type /Pages /Parent 10 0 R /Kids [3 0 R] /Count 1 >>",
            FREE: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
            PAGE: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        }
    )


def many_pages(count: int = 100_000) -> bytes:
    """Hold a hundred thousand pages, each an object of its own."""
    objects, numbers = page_objects(), range(FREE, FREE + count)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    tree = {TREE: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids)}
    return pdf(objects | tree | dict.fromkeys(numbers, objects[PAGE]))


def one_page_often(count: int = 100_000) -> bytes:
    """Show one page a hundred thousand times."""
    return pdf(page_objects() | {TREE: b"<< /Type /Pages /Count %d /Kids [" % count + b"3 0 R " * count + b"] >>"})


def claimed_pages(count: int = 2**31 - 1) -> bytes:
    """Claim more pages than there are."""
    return pdf(page_objects() | {TREE: b"<< /Type /Pages /Count %d /Kids [3 0 R] >>" % count})


def boxed(*corners: bytes, entries: bytes = b"") -> bytes:
    """Give a page of a strange size."""
    return one_page(page=b"/MediaBox [%s] %s" % (b" ".join(corners), entries))


def nested(opening: bytes, closing: bytes, depth: int = 200_000) -> bytes:
    """Nest an object so deep that a parser which calls itself runs out of stack."""
    return one_page(catalog=b"/X " + opening * depth + closing * depth)


def nested_content(depth: int = 500_000) -> bytes:
    """Nest arrays and states in a page's content."""
    return one_page(flate(b"q " * depth + b"[" * depth + TEXT))


def outline_loop() -> bytes:
    """Let the outline's first entry be its own next and child."""
    entry = b"<< /Title (a) /Parent 10 0 R /First 11 0 R /Last 11 0 R /Next 11 0 R /Prev 11 0 R /Count 99 >>"
    outline = b"<< /Type /Outlines /First 11 0 R /Last 11 0 R /Count 99 >>"
    return one_page(catalog=b"/Outlines 10 0 R", more={FREE: outline, FREE + 1: entry})


def reference_loop() -> bytes:
    """Let objects be one another."""
    return one_page(page=b"/MediaBox 10 0 R", more={FREE: b"11 0 R", FREE + 1: b"10 0 R"})


def xref_loop() -> bytes:
    """Name the cross-reference table as the one before itself."""
    content = pdf(page_objects())
    place = int(content.rpartition(b"startxref\n")[2].split()[0])
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % place)


def xref_far() -> bytes:
    """Claim a table of two thousand million entries."""
    return pdf(page_objects()).replace(b"xref\n0 6\n", b"xref\n0 2147483647\n", 1)


def packed_in_itself() -> bytes:
    """Keep an object stream in itself, and extend it by itself."""
    packed = stream(b"10 0 3 40 << >>", b"/Type /ObjStm /N 2 /First 9 /Extends 10 0 R")
    return pdf(page_objects() | {FREE: packed})


def long_stream(length: bytes) -> bytes:
    """Claim another length of a stream than it has."""
    return one_page(stream(TEXT, length=length))


def length_in_itself() -> bytes:
    """Keep a stream's length in the stream."""
    return pdf(page_objects() | {4: stream(TEXT, length=b"4 0 R")})


def many_notes(count: int = 50_000) -> bytes:
    """Stick fifty thousand notes on a page."""
    note = b"<< /Type /Annot /Subtype /Square /Rect [9 9 500 800] /C [1 0 0] /AP << /N 10 0 R >> >> "
    form = stream(b"0 0 595 842 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return one_page(page=b"/MediaBox [0 0 595 842] /Annots [" + note * count + b"]", more={FREE: form})


def endless_numbers() -> bytes:
    """Write numbers of a million digits."""
    return one_page(b"9" * 1_000_000 + b" " + TEXT, page=b"/MediaBox [0 0 595." + b"0" * 1_000_000 + b" 842]")


def _pdf(name: str, make: object, ends: frozenset[str], *, slow: bool = False, first: bool = False) -> Specimen:
    return Specimen("A07", name, f"{name}.pdf", make, ends, slow, first)  # type: ignore[arg-type]


SPECIMENS = (
    _pdf("flate-gigabyte", flate_bomb, SPENT, slow=True),
    _pdf("flate-states", lambda: flate_bomb(b"q "), SPENT | DAMAGED, slow=True),  # MuPDF counts what is nested
    _pdf("flate-numbers", lambda: flate_bomb(b"1 "), SPENT, slow=True),
    _pdf("flate-nested", nested_flate, SPENT, slow=True),
    _pdf("many-filters", many_filters, DAMAGED, first=True),
    _pdf("flate-picture", flate_picture, SPENT, slow=True),
    _pdf("fax-picture", fax_picture, SPENT | DAMAGED, slow=True),
    _pdf("wide-predictor", wide_predictor, DAMAGED),
    _pdf("claimed-picture", claimed_picture, SPENT | DAMAGED),
    _pdf("laughs", laughs, SPENT, slow=True),
    _pdf("form-in-itself", form_in_itself, DAMAGED, first=True),
    _pdf("glyph-in-itself", glyph_in_itself, DAMAGED),
    _pdf("tiny-tiles", tiny_tiles, SPENT),
    _pdf("tiny-dashes", tiny_dashes, SPENT),
    _pdf("many-paths", many_paths, SPENT, slow=True),
    _pdf("many-letters", many_letters, SPENT, slow=True),
    _pdf("masks-in-masks", masks_in_masks, SPENT, slow=True),
    _pdf("tree-loop", tree_loop, DAMAGED, first=True),
    _pdf("tree-of-two", tree_of_two, DAMAGED),
    _pdf("parent-loop", parent_loop, DAMAGED, first=True),
    _pdf("many-pages", many_pages, one_of("too_large"), first=True),
    _pdf("one-page-often", one_page_often, one_of("too_large", "corrupt")),
    _pdf("claimed-pages", claimed_pages, one_of("too_large", "corrupt"), first=True),
    _pdf("fewer-pages", lambda: claimed_pages(1_999), one_of("corrupt", PAGES), slow=True),
    _pdf("less-than-no-pages", lambda: claimed_pages(-5), DAMAGED),
    _pdf("box-of-a-million", lambda: boxed(b"0", b"0", b"1000000", b"1000000"), one_of("too_large"), first=True),
    _pdf("box-of-no-end", lambda: boxed(b"0", b"0", b"1e38", b"9" * 400), DAMAGED | {"too_large"}),
    _pdf("box-of-strip", lambda: boxed(b"0", b"0", b"40000", b"0.01"), DAMAGED | {"too_large"}, first=True),
    _pdf("box-of-nothing", lambda: boxed(b"0", b"0", b"0", b"0"), DAMAGED),
    _pdf("box-below-nothing", lambda: boxed(b"-99", b"-99", b"-900", b"-900"), DAMAGED),
    _pdf("box-of-nan", lambda: boxed(b"nan", b"0", b"inf", b"--5"), DAMAGED, first=True),
    _pdf(
        "box-by-unit", lambda: boxed(b"0", b"0", b"595", b"842", entries=b"/UserUnit 1e9"), DAMAGED | {"too_large"}
    ),
    _pdf("nested-arrays", lambda: nested(b"[", b"]"), DAMAGED, first=True),
    _pdf("nested-dictionaries", lambda: nested(b"<< /X ", b">>"), DAMAGED),
    _pdf("nested-content", nested_content, DAMAGED),
    _pdf("outline-loop", outline_loop, one_of(PAGES)),
    _pdf("reference-loop", reference_loop, DAMAGED),
    _pdf("xref-loop", xref_loop, DAMAGED, first=True),
    _pdf("xref-far", xref_far, DAMAGED),
    _pdf("packed-in-itself", packed_in_itself, DAMAGED),
    _pdf("long-stream", lambda: long_stream(b"2147483647"), DAMAGED, first=True),
    _pdf("longer-stream", lambda: long_stream(b"99999999999999999999"), DAMAGED),
    _pdf("stream-below-nothing", lambda: long_stream(b"-1"), DAMAGED),
    _pdf("length-in-itself", length_in_itself, DAMAGED),
    _pdf("many-notes", many_notes, SPENT | DAMAGED, slow=True),
    _pdf("endless-numbers", endless_numbers, DAMAGED),
)
