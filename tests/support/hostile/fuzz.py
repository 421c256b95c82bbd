"""A18: valid files with each fragile component (JPX, JBIG2, fax, profiles, fonts), and mutated versions of them."""

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageCms, ImageFont

from tests.support.hostile.pdf import FIRST_FREE_OBJECT, TEXT_CONTENT, flate, one_page, page_objects, pdf, stream
from tests.support.hostile.small_images import encoded, jpeg, png, text_image, tiff
from tests.support.hostile.specimen import ANY_END, PAGES, Specimen, allowed_ends

_LENIV, _EEXEC_KEY, _CHARSTRING_KEY = 4, 55665, 4330
_GREY: Final = b"/ColorSpace /DeviceGray /BitsPerComponent 1 "
MUTATIONS_PER_FILE = 24


def pdf_with_image(picture: Image.Image, entries: bytes, data: bytes, more: Mapping[int, bytes] | None = None) -> bytes:
    """Build a PDF that shows an image on its page."""
    size = b"/Width %d /Height %d " % picture.size
    image = stream(data, b"/Type /XObject /Subtype /Image " + size + entries)
    return one_page(
        b"q 480 0 0 128 40 600 cm /Im Do Q " + TEXT_CONTENT,
        resources=b"/XObject << /Im 10 0 R >>",
        more={FIRST_FREE_OBJECT: image, **(more or {})},
    )


def with_jpx() -> bytes:
    """Build a PDF that shows a JPEG 2000 image."""
    picture = text_image()
    return pdf_with_image(picture, b"/Filter /JPXDecode ", encoded(picture, "JPEG2000"))


def with_jpeg() -> bytes:
    """Build a PDF that shows a JPEG image."""
    entries = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode "
    return pdf_with_image(text_image(), entries, jpeg())


def fax_data(picture: Image.Image) -> bytes:
    """Return an image as group 4 fax data."""
    content = encoded(picture.convert("1"), "TIFF", compression="group4")
    with Image.open(BytesIO(content)) as file:
        tags: Any = file.tag_v2  # type: ignore[attr-defined]  # a TIFF has them
    at, size = tags[273][0], tags[279][0]
    return content[at : at + size]


def with_fax() -> bytes:
    """Build a PDF that shows a fax image."""
    picture = text_image()
    parms = b"/DecodeParms << /K -1 /Columns %d /Rows %d /BlackIs1 false >> " % picture.size
    return pdf_with_image(picture, _GREY + b"/Filter /CCITTFaxDecode " + parms, fax_data(picture))


def with_jbig2() -> bytes:
    """Build a PDF that shows a JBIG2 image: a page and a generic region in MMR (fax) coding."""
    picture = text_image()
    width, height = picture.size
    data = fax_data(picture)
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\x01" + data
    segments = (
        struct.pack(">IBBBI", 0, 48, 0, 1, len(page)) + page + struct.pack(">IBBBI", 1, 38, 0, 1, len(region)) + region
    )
    return pdf_with_image(picture, _GREY + b"/Filter /JBIG2Decode ", segments)


def with_profile() -> bytes:
    """Build a PDF that shows an image with an ICC colour profile."""
    picture = text_image()
    profile: Any = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    entries = b"/ColorSpace [/ICCBased 11 0 R] /BitsPerComponent 8 /Filter /FlateDecode "
    more = {FIRST_FREE_OBJECT + 1: flate(profile.tobytes(), b"/N 3 /Alternate /DeviceRGB")}
    return pdf_with_image(picture, entries, zlib.compress(picture.tobytes()), more)


def _with_font(subtype: bytes, program: bytes, key: bytes, entries: bytes) -> bytes:
    font = (
        b"<< /Type /Font /Subtype /%s /BaseFont /Odd /FirstChar 65 /LastChar 122 /Widths [%s]"
        b" /Encoding /WinAnsiEncoding /FontDescriptor 10 0 R >>" % (subtype, b"500 " * 58)
    )
    described = (
        b"<< /Type /FontDescriptor /FontName /Odd /Flags 32 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
        b" /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 /%s 11 0 R >>" % key
    )
    objects = {5: font, FIRST_FREE_OBJECT: described, FIRST_FREE_OBJECT + 1: flate(program, entries)}
    return pdf(page_objects(b"BT /F1 24 Tf 72 700 Td (ABCabc) Tj ET") | objects)


def with_truetype() -> bytes:
    """Build a PDF that prints in a TrueType font."""
    font: Any = ImageFont.load_default(20)
    return _with_font(b"TrueType", font.font_bytes, b"FontFile2", b"/Length1 %d" % len(font.font_bytes))


def _type1_encrypted(data: bytes, key: int) -> bytes:
    """Encrypt as in Adobe Type 1 Font Format, chapter 7."""
    cipher = bytearray()
    for byte in data:
        cipher.append(byte ^ (key >> 8))
        key = ((cipher[-1] + key) * 52845 + 22719) & 0xFFFF
    return bytes(cipher)


def type1_program() -> tuple[bytes, bytes]:
    """Return the clear and the encrypted part of a Type 1 font with one square letter."""
    clear = (
        b"%!PS-AdobeFont-1.0: Odd\n11 dict begin /FontName /Odd def /FontType 1 def /PaintType 0 def"
        b" /FontMatrix [0.001 0 0 0.001 0 0] readonly def /FontBBox {0 0 500 700} readonly def"
        b" /Encoding StandardEncoding def currentdict end currentfile eexec\n"
    )
    # 0 500 hsbw; 50 0 rmoveto; 400 hlineto; 700 vlineto; -400 hlineto; closepath; endchar
    n0, n50, n400, n500, n700 = b"\x8b", b"\xbd", b"\xf8\x24", b"\xf8\x88", b"\xf9\x50"
    less = b"\xfc\x24"
    letter = n0 + n500 + b"\x0d" + n50 + n0 + b"\x15" + n400 + b"\x06" + n700 + b"\x07" + less + b"\x06\x09\x0e"
    drawn = _type1_encrypted(bytes(_LENIV) + letter, _CHARSTRING_KEY)
    blank = _type1_encrypted(bytes(_LENIV) + n0 + n500 + b"\x0d\x0e", _CHARSTRING_KEY)
    private = b"dup /Private 8 dict dup begin /RD {string currentfile exch readstring pop} def /ND {def} def"
    private += (
        b" /BlueValues [] def /MinFeature {16 16} def /password 5839 def\n2 index /CharStrings 2 dict dup begin\n"
    )
    private += b"/.notdef %d RD %s ND\n/A %d RD %s ND\nend end readonly put\n" % (len(blank), blank, len(drawn), drawn)
    private += b"mark currentfile closefile\n"
    return clear, _type1_encrypted(bytes(_LENIV) + private, _EEXEC_KEY)


def with_type1() -> bytes:
    """Build a PDF that prints in a Type 1 font."""
    clear, hidden = type1_program()
    tail = b"0" * 512 + b"\ncleartomark\n"
    entries = b"/Length1 %d /Length2 %d /Length3 %d" % (len(clear), len(hidden), len(tail))
    return _with_font(b"Type1", clear + hidden + tail, b"FontFile", entries)


VALID_FILES: Final[Mapping[str, tuple[str, Callable[[], bytes]]]] = {
    "jpx": ("a.pdf", with_jpx),
    "jpeg": ("a.pdf", with_jpeg),
    "fax": ("a.pdf", with_fax),
    "jbig2": ("a.pdf", with_jbig2),
    "icc": ("a.pdf", with_profile),
    "truetype": ("a.pdf", with_truetype),
    "type1": ("a.pdf", with_type1),
    "png": ("a.png", png),
    "jpg": ("a.jpg", jpeg),
    "tif": ("a.tif", tiff),
}


def mutated(content: bytes, seed: int) -> bytes:
    """Mutate a valid file: flip bits, replace bytes, set numbers to their limits, remove and duplicate parts.

    The first 16 bytes stay, so that the file type is still recognised.
    """
    draw = random.Random(seed)  # noqa: S311 - the same changes every time
    changed = bytearray(content)
    for _ in range(draw.choice((1, 4, 16, 64))):
        at = draw.randrange(16, len(changed))
        match draw.randrange(5):
            case 0:
                changed[at] ^= 1 << draw.randrange(8)
            case 1:
                changed[at] = draw.randrange(256)
            case 2:
                edge = draw.choice((b"\0" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"-1 ", b"99999999999"))
                changed[at : at + len(edge)] = edge
            case 3:
                del changed[at : at + draw.randrange(MUTATIONS_PER_FILE)]
            case _:
                changed[at:at] = changed[at : at + draw.randrange(MUTATIONS_PER_FILE)]
    return bytes(changed)


def mutation(name: str, seed: int, *, first: bool = False) -> Specimen:
    """Return one valid file with mutated bytes."""
    filename, make = VALID_FILES[name]
    return Specimen("A18", f"{name}-{seed}", filename, lambda: mutated(make(), seed), ANY_END, first=first)


def mutations(each: int) -> tuple[Specimen, ...]:
    """Return `each` mutations of every valid file."""
    return tuple(mutation(name, seed, first=seed == 1) for name in VALID_FILES for seed in range(1, each + 1))


SPECIMENS = (
    *(
        Specimen("A18", f"{name}-sound", filename, make, allowed_ends(PAGES))
        for name, (filename, make) in VALID_FILES.items()
    ),
    *mutations(3),
)
