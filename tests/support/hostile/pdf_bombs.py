"""A07: PDFs of a few kilobytes that need gigabytes or never end."""

import zlib

from tests.support.hostile.pdf import (
    FIRST_FREE_OBJECT,
    PAGE_OBJECT,
    TEXT_CONTENT,
    flate,
    one_page,
    page_objects,
    pdf,
    repeated,
    stream,
)
from tests.support.hostile.pdf import PAGE_TREE_OBJECT as TREE
from tests.support.hostile.specimen import DAMAGED_FILE_ENDS, PAGES, Specimen, allowed_ends

MEGABYTE = 2**20
GIGABYTE = 1024
"""In megabytes."""
PAGES_OR_RESOURCE_LIMIT = allowed_ends(PAGES, "resource_limit")
"""Read successfully, or stopped at a limit."""


def flate_bomb(pattern: bytes = b" ", megabytes: int = GIGABYTE) -> bytes:
    """Build a page whose content expands to a gigabyte."""
    data = repeated(pattern * (MEGABYTE // len(pattern)), megabytes)
    return one_page(stream(data, b"/Filter /FlateDecode"))


def nested_flate() -> bytes:
    """Compress a gigabyte three times: a few hundred bytes."""
    data = zlib.compress(zlib.compress(repeated(b" " * MEGABYTE, GIGABYTE), 9), 9)
    return one_page(stream(data, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"))


def many_filters(count: int = 5_000) -> bytes:
    """Build a stream with five thousand filters."""
    return one_page(stream(TEXT_CONTENT, b"/Filter [" + b"/ASCIIHexDecode " * count + b"]"))


def picture(width: int, height: int, entries: bytes, data: bytes) -> bytes:
    """Build a page covered by one image."""
    image = b"/Type /XObject /Subtype /Image /Width %d /Height %d %s" % (width, height, entries)
    return one_page(
        b"q 595 0 0 842 0 0 cm /Im Do Q",
        resources=b"/XObject << /Im 10 0 R >>",
        more={FIRST_FREE_OBJECT: stream(data, image)},
    )


def flate_picture(side: int = 18_000) -> bytes:
    """Build an image that expands to a gigabyte."""
    entries = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    return picture(side, side, entries, repeated(bytes(side * 3 * 50), side // 50))


def fax_picture(side: int = 60_000) -> bytes:
    """Build a fax image of 3,600 million pixels in which each row repeats the one above with one bit."""
    fax = b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d >>" % (side, side)
    return picture(side, side, b"/ColorSpace /DeviceGray /BitsPerComponent 1 " + fax, b"\xff" * (side // 8))


def wide_predictor() -> bytes:
    """Build a predictor with rows of two thousand million columns."""
    rows = b"/DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 32 /BitsPerComponent 16 >>"
    return one_page(stream(zlib.compress(TEXT_CONTENT), b"/Filter /FlateDecode " + rows))


def claimed_picture() -> bytes:
    """Build an image that declares 100,000 x 100,000 pixels."""
    return picture(100_000, 100_000, b"/ColorSpace /DeviceRGB /BitsPerComponent 8", bytes(99))


def nested_forms(depth: int = 12, width: int = 12) -> bytes:
    """Build nested forms, each of which draws the next one `width` times."""
    names = b" ".join(b"/F Do" for _ in range(width))
    forms = {}
    for level in range(depth):
        resources = b"/Resources << /XObject << /F %d 0 R >> /Font << /F1 5 0 R >> >>" % (FIRST_FREE_OBJECT + level + 1)
        content = names if level < depth - 1 else TEXT_CONTENT
        forms[FIRST_FREE_OBJECT + level] = stream(
            content, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + resources
        )
    return one_page(b"/F Do", resources=b"/XObject << /F 10 0 R >>", more=forms)


def recursive_form() -> bytes:
    """Build a form that draws itself."""
    form = stream(
        TEXT_CONTENT + b" /F Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
        b" /Resources << /XObject << /F 10 0 R >> /Font << /F1 5 0 R >> >>",
    )
    return one_page(b"/F Do", resources=b"/XObject << /F 10 0 R >>", more={FIRST_FREE_OBJECT: form})


def recursive_glyph() -> bytes:
    """Build a glyph whose drawing prints the same glyph."""
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0]"
        b" /FirstChar 97 /LastChar 97 /Widths [1000] /Encoding << /Differences [97 /a] >>"
        b" /CharProcs << /a 11 0 R >> /Resources << /Font << /F1 10 0 R >> >> >>"
    )
    drawing = stream(b"1000 0 d0 BT /F1 900 Tf (aaaaaaaa) Tj ET 0 0 500 500 re f")
    objects = page_objects(b"BT /F1 18 Tf 72 700 Td (aaaaaaaa) Tj ET") | {
        5: font,
        FIRST_FREE_OBJECT: font,
        FIRST_FREE_OBJECT + 1: drawing,
    }
    return pdf(objects)


def tiny_tiles() -> bytes:
    """Build a page filled with a pattern that repeats every millionth of a point."""
    pattern = stream(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.000001"
        b" /YStep 0.000001 /Resources << >>",
    )
    content = b"/Pattern cs /P scn 0 0 595 842 re f"
    return one_page(content, resources=b"/Pattern << /P 10 0 R >>", more={FIRST_FREE_OBJECT: pattern})


def tiny_dashes() -> bytes:
    """Build lines with thousands of millions of invisibly small dashes."""
    return one_page(b"[0.0000001] 0 d 1 w " + b"0 0 m 595 842 l 0 842 l S " * 50)


def many_paths(megabytes: int = 64) -> bytes:
    """Build a page with millions of curves over its whole area."""
    return flate_bomb(b"0 0 m 900 900 -900 900 595 842 c S ", megabytes)


def many_glyphs(megabytes: int = 32) -> bytes:
    """Build a page with millions of letters."""
    line = b"BT /F1 2 Tf 1 0 0 1 9 9 Tm (" + b"abcdefgh " * 50 + b") Tj ET "
    return flate_bomb(line, megabytes)


def masks_in_masks(depth: int = 60) -> bytes:
    """Build `depth` nested soft masks, each painted through the next."""
    forms = {}
    for level in range(depth):
        inner, form = FIRST_FREE_OBJECT + 2 * level + 2, FIRST_FREE_OBJECT + 2 * level
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
    """Build a page tree that is its own child."""
    return pdf(page_objects() | {TREE: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"})


def tree_of_two() -> bytes:
    """Build two page tree nodes that contain each other."""
    node = b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 4 >>"
    return pdf(page_objects() | {TREE: b"<< /Type /Pages /Kids [10 0 R] /Count 4 >>", FIRST_FREE_OBJECT: node})


def parent_loop() -> bytes:
    """Build a page that inherits from a parent that inherits from its child."""
    return pdf(
        page_objects()
        | {
            TREE: b"<< /Type /Pages /Parent 10 0 R /Kids [3 0 R] /Count 1 >>",
            FIRST_FREE_OBJECT: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
            PAGE_OBJECT: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        }
    )


def many_pages(count: int = 100_000) -> bytes:
    """Build a hundred thousand pages, each a separate object."""
    objects, numbers = page_objects(), range(FIRST_FREE_OBJECT, FIRST_FREE_OBJECT + count)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    tree = {TREE: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids)}
    return pdf(objects | tree | dict.fromkeys(numbers, objects[PAGE_OBJECT]))


def repeated_page(count: int = 100_000) -> bytes:
    """Build a document that shows one page a hundred thousand times."""
    return pdf(page_objects() | {TREE: b"<< /Type /Pages /Count %d /Kids [" % count + b"3 0 R " * count + b"] >>"})


def claimed_pages(count: int = 2**31 - 1) -> bytes:
    """Build a document that declares more pages than it has."""
    return pdf(page_objects() | {TREE: b"<< /Type /Pages /Count %d /Kids [3 0 R] >>" % count})


def page_with_box(*corners: bytes, entries: bytes = b"") -> bytes:
    """Build a page with an unusual size."""
    return one_page(page=b"/MediaBox [%s] %s" % (b" ".join(corners), entries))


def nested(opening: bytes, closing: bytes, depth: int = 200_000) -> bytes:
    """Nest an object so deep that a recursive parser runs out of stack."""
    return one_page(catalog=b"/X " + opening * depth + closing * depth)


def nested_content(depth: int = 500_000) -> bytes:
    """Build a page content with nested arrays and graphics states."""
    return one_page(flate(b"q " * depth + b"[" * depth + TEXT_CONTENT))


def outline_loop() -> bytes:
    """Build an outline whose first entry is its own next and child."""
    entry = b"<< /Title (a) /Parent 10 0 R /First 11 0 R /Last 11 0 R /Next 11 0 R /Prev 11 0 R /Count 99 >>"
    outline = b"<< /Type /Outlines /First 11 0 R /Last 11 0 R /Count 99 >>"
    return one_page(catalog=b"/Outlines 10 0 R", more={FIRST_FREE_OBJECT: outline, FIRST_FREE_OBJECT + 1: entry})


def reference_loop() -> bytes:
    """Build objects that refer to each other in a loop."""
    return one_page(page=b"/MediaBox 10 0 R", more={FIRST_FREE_OBJECT: b"11 0 R", FIRST_FREE_OBJECT + 1: b"10 0 R"})


def xref_loop() -> bytes:
    """Build a cross-reference table that names itself as the previous one."""
    content = pdf(page_objects())
    place = int(content.rpartition(b"startxref\n")[2].split()[0])
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % place)


def xref_far() -> bytes:
    """Build a cross-reference table that declares two thousand million entries."""
    return pdf(page_objects()).replace(b"xref\n0 6\n", b"xref\n0 2147483647\n", 1)


def recursive_object_stream() -> bytes:
    """Build an object stream that contains and extends itself."""
    packed = stream(b"10 0 3 40 << >>", b"/Type /ObjStm /N 2 /First 9 /Extends 10 0 R")
    return pdf(page_objects() | {FIRST_FREE_OBJECT: packed})


def long_stream(length: bytes) -> bytes:
    """Build a stream with a false length."""
    return one_page(stream(TEXT_CONTENT, length=length))


def recursive_length() -> bytes:
    """Build a stream whose length is stored in the stream."""
    return pdf(page_objects() | {4: stream(TEXT_CONTENT, length=b"4 0 R")})


def many_annotations(count: int = 50_000) -> bytes:
    """Build a page with fifty thousand annotations."""
    note = b"<< /Type /Annot /Subtype /Square /Rect [9 9 500 800] /C [1 0 0] /AP << /N 10 0 R >> >> "
    form = stream(b"0 0 595 842 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return one_page(page=b"/MediaBox [0 0 595 842] /Annots [" + note * count + b"]", more={FIRST_FREE_OBJECT: form})


def endless_numbers() -> bytes:
    """Build numbers of a million digits."""
    return one_page(b"9" * 1_000_000 + b" " + TEXT_CONTENT, page=b"/MediaBox [0 0 595." + b"0" * 1_000_000 + b" 842]")


def _pdf(name: str, make: object, ends: frozenset[str], *, slow: bool = False, first: bool = False) -> Specimen:
    return Specimen("A07", name, f"{name}.pdf", make, ends, slow, first)  # type: ignore[arg-type]


SPECIMENS = (
    _pdf("flate-gigabyte", flate_bomb, PAGES_OR_RESOURCE_LIMIT, slow=True),
    _pdf(
        "flate-states", lambda: flate_bomb(b"q "), PAGES_OR_RESOURCE_LIMIT | DAMAGED_FILE_ENDS, slow=True
    ),  # MuPDF limits the nesting depth
    _pdf("flate-numbers", lambda: flate_bomb(b"1 "), PAGES_OR_RESOURCE_LIMIT, slow=True),
    _pdf("flate-nested", nested_flate, PAGES_OR_RESOURCE_LIMIT, slow=True),
    _pdf("many-filters", many_filters, DAMAGED_FILE_ENDS, first=True),
    _pdf("flate-picture", flate_picture, PAGES_OR_RESOURCE_LIMIT, slow=True),
    _pdf("fax-picture", fax_picture, PAGES_OR_RESOURCE_LIMIT | DAMAGED_FILE_ENDS, slow=True),
    _pdf("wide-predictor", wide_predictor, DAMAGED_FILE_ENDS),
    _pdf("claimed-picture", claimed_picture, PAGES_OR_RESOURCE_LIMIT | DAMAGED_FILE_ENDS),
    _pdf("laughs", nested_forms, PAGES_OR_RESOURCE_LIMIT, slow=True),
    _pdf("form-in-itself", recursive_form, DAMAGED_FILE_ENDS, first=True),
    _pdf("glyph-in-itself", recursive_glyph, DAMAGED_FILE_ENDS),
    _pdf("tiny-tiles", tiny_tiles, PAGES_OR_RESOURCE_LIMIT),
    _pdf("tiny-dashes", tiny_dashes, PAGES_OR_RESOURCE_LIMIT),
    _pdf("many-paths", many_paths, PAGES_OR_RESOURCE_LIMIT, slow=True),
    _pdf("many-letters", many_glyphs, PAGES_OR_RESOURCE_LIMIT, slow=True),
    _pdf("masks-in-masks", masks_in_masks, PAGES_OR_RESOURCE_LIMIT, slow=True),
    _pdf("tree-loop", tree_loop, DAMAGED_FILE_ENDS, first=True),
    _pdf("tree-of-two", tree_of_two, DAMAGED_FILE_ENDS),
    _pdf("parent-loop", parent_loop, DAMAGED_FILE_ENDS, first=True),
    _pdf("many-pages", many_pages, allowed_ends("too_large"), first=True),
    _pdf("one-page-often", repeated_page, allowed_ends("too_large", "corrupt")),
    _pdf("claimed-pages", claimed_pages, allowed_ends("too_large", "corrupt"), first=True),
    _pdf("fewer-pages", lambda: claimed_pages(1_999), allowed_ends("corrupt", PAGES), slow=True),
    _pdf("less-than-no-pages", lambda: claimed_pages(-5), DAMAGED_FILE_ENDS),
    _pdf(
        "box-of-a-million",
        lambda: page_with_box(b"0", b"0", b"1000000", b"1000000"),
        allowed_ends("too_large"),
        first=True,
    ),
    _pdf("box-of-no-end", lambda: page_with_box(b"0", b"0", b"1e38", b"9" * 400), DAMAGED_FILE_ENDS | {"too_large"}),
    _pdf(
        "box-of-strip",
        lambda: page_with_box(b"0", b"0", b"40000", b"0.01"),
        DAMAGED_FILE_ENDS | {"too_large"},
        first=True,
    ),
    _pdf("box-of-nothing", lambda: page_with_box(b"0", b"0", b"0", b"0"), DAMAGED_FILE_ENDS),
    _pdf("box-below-nothing", lambda: page_with_box(b"-99", b"-99", b"-900", b"-900"), DAMAGED_FILE_ENDS),
    _pdf("box-of-nan", lambda: page_with_box(b"nan", b"0", b"inf", b"--5"), DAMAGED_FILE_ENDS, first=True),
    _pdf(
        "box-by-unit",
        lambda: page_with_box(b"0", b"0", b"595", b"842", entries=b"/UserUnit 1e9"),
        DAMAGED_FILE_ENDS | {"too_large"},
    ),
    _pdf("nested-arrays", lambda: nested(b"[", b"]"), DAMAGED_FILE_ENDS, first=True),
    _pdf("nested-dictionaries", lambda: nested(b"<< /X ", b">>"), DAMAGED_FILE_ENDS),
    _pdf("nested-content", nested_content, DAMAGED_FILE_ENDS),
    _pdf("outline-loop", outline_loop, allowed_ends(PAGES)),
    _pdf("reference-loop", reference_loop, DAMAGED_FILE_ENDS),
    _pdf("xref-loop", xref_loop, DAMAGED_FILE_ENDS, first=True),
    _pdf("xref-far", xref_far, DAMAGED_FILE_ENDS),
    _pdf("packed-in-itself", recursive_object_stream, DAMAGED_FILE_ENDS),
    _pdf("long-stream", lambda: long_stream(b"2147483647"), DAMAGED_FILE_ENDS, first=True),
    _pdf("longer-stream", lambda: long_stream(b"99999999999999999999"), DAMAGED_FILE_ENDS),
    _pdf("stream-below-nothing", lambda: long_stream(b"-1"), DAMAGED_FILE_ENDS),
    _pdf("length-in-itself", recursive_length, DAMAGED_FILE_ENDS),
    _pdf("many-notes", many_annotations, PAGES_OR_RESOURCE_LIMIT | DAMAGED_FILE_ENDS, slow=True),
    _pdf("endless-numbers", endless_numbers, DAMAGED_FILE_ENDS),
)
