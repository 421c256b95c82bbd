"""A06: images that declare or expand to more than any machine has, contain loops, or never end."""

import struct
import zlib

from tests.support.hostile.pdf import repeated
from tests.support.hostile.small_images import LONG, SHORT, directory, plain_page, png_chunk, png_of, tiff_of
from tests.support.hostile.specimen import PAGES, Specimen, allowed_ends

HUGE = 50_000
PAGES_OR_RESOURCE_LIMIT = allowed_ends(PAGES, "resource_limit")
LARGE = 14_000  # side length just below the accepted size
DIRECTORY = 2 + 9 * 12 + 4  # size in bytes of the TIFF directory of `plain_page`
DEFLATE = 8

Scan = tuple[int, int, int]
"""First coefficient, last coefficient, and the bit that is sent."""


def png_claim() -> bytes:
    """Declare 50,000 x 50,000 pixels in a few bytes."""
    return png_of(HUGE, HUGE, zlib.compress(bytes(99)))


def png_bomb(side: int = LARGE, *, bits: int = 8, kind: int = 2) -> bytes:
    """Build a PNG that expands to `side` x `side` pixels: 16-bit RGBA has eight bytes per pixel."""
    row = 1 + side * bits // 8 * {0: 1, 2: 3, 6: 4}[kind]
    return png_of(side, side, repeated(bytes(row * 50), side // 50), bits=bits, kind=kind)


def png_text_bomb(megabytes: int = 512) -> bytes:
    """Build a PNG with a comment that expands to half a gigabyte."""
    packed = b"Comment\0\0" + repeated(b"A" * 2**20, megabytes)
    return png_of(8, 8, zlib.compress(bytes(25 * 8)), before=png_chunk(b"zTXt", packed))


def png_profile_bomb(megabytes: int = 512) -> bytes:
    """Build a PNG with a colour profile that expands to half a gigabyte."""
    packed = b"icc\0\0" + repeated(bytes(2**20), megabytes)
    return png_of(8, 8, zlib.compress(bytes(25 * 8)), before=png_chunk(b"iCCP", packed))


def animated_png_claim(frames: int = 2**31 - 1) -> bytes:
    """Build a PNG that declares an animation of two thousand million frames."""
    control = png_chunk(b"acTL", struct.pack(">II", frames, 0))
    return png_of(8, 8, zlib.compress(bytes(25 * 8)), before=control)


def jpeg_bomb(side: int, *, scans: tuple[Scan, ...] = ()) -> bytes:
    """Build a grey JPEG of `side` x `side` pixels with two zero bits per block; a progressive one if `scans` is set.

    In a progressive scan one code skips the next 32,767 blocks, so a whole scan takes a few bytes.
    """
    blocks = ((side + 7) // 8) ** 2
    parts = [b"\xff\xd8", _segment(0xDB, bytes(1) + bytes([16]) * 64)]
    parts.append(_segment(0xC2 if scans else 0xC0, struct.pack(">BHHBBBB", 8, side, side, 1, 1, 0x11, 0)))
    parts.append(_table(0x00, 0))
    parts.append(_table(0x10, 0xE0 if scans else 0))
    if not scans:
        parts += [_segment(0xDA, bytes([1, 1, 0, 0, 63, 0])), bytes(blocks // 4 + 1)]
    for first, last, bit in scans:
        # Code 0 and fourteen zero bits: an end-of-band run of 2**14 blocks.
        runs = blocks // 2**14 + 1
        size = blocks // 8 + 1 if first == 0 else runs * 15 // 8 + 1
        parts += [_segment(0xDA, bytes([1, 1, 0, first, last, bit])), bytes(size)]
    return b"".join([*parts, b"\xff\xd9"])


def jpeg_scans(side: int = 8_000, count: int = 2_000) -> bytes:
    """Build a large JPEG that sends the same coefficients in two thousand scans."""
    return jpeg_bomb(side, scans=((0, 0, 0), *((1, 63, 0) for _ in range(count))))


def _segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def _table(place: int, symbol: int) -> bytes:
    """Return a Huffman table of one symbol, whose code is a single zero bit."""
    return _segment(0xC4, bytes([place, 1]) + bytes(15) + bytes([symbol]))


def tiff_claim() -> bytes:
    """Declare 50,000 x 50,000 pixels."""
    return tiff_of([directory(plain_page(HUGE, HUGE, 8, 64), 0)])


def tiff_bomb(side: int = LARGE) -> bytes:
    """Build a TIFF that expands to `side` x `side` pixels."""
    packed = repeated(bytes(side * 50), side // 50)
    return tiff_of([directory(plain_page(side, side, 8 + DIRECTORY, len(packed), packing=DEFLATE), 0)], data=packed)


def tiff_loop(length: int = 3) -> bytes:
    """Build a TIFF whose last directory links back to the first."""
    at = 8 + length * DIRECTORY
    places = [8 + number * DIRECTORY for number in range(1, length)] + [8]
    return tiff_of([directory(plain_page(8, 8, at, 64), place) for place in places], data=b"\xff" * 64)


def tiff_of_pages(count: int = 10_000) -> bytes:
    """Build a TIFF of ten thousand pages that share one strip."""
    at = 8 + count * DIRECTORY
    places = [8 + number * DIRECTORY for number in range(1, count)] + [0]
    return tiff_of([directory(plain_page(8, 8, at, 64), place) for place in places], data=b"\xff" * 64)


def tiff_of_strips(count: int = 2**31) -> bytes:
    """Declare two thousand million strips, each of which needs a lookup."""
    entries = [entry for entry in plain_page(1000, 1000, 8, 64) if entry[0] not in {273, 279}]
    return tiff_of([directory([*entries, (273, LONG, count, 8), (279, LONG, count, 8)], 0)])


def tiff_of_no_tiles() -> bytes:
    """Build a TIFF with tiles of width zero."""
    entries = [entry for entry in plain_page(1000, 1000, 8, 64) if entry[0] not in {273, 278, 279}]
    tiles = [(322, SHORT, 1, 0), (323, SHORT, 1, 0), (324, LONG, 1, 8), (325, LONG, 1, 64)]
    return tiff_of([directory([*entries, *tiles], 0)])


SPECIMENS = (
    Specimen("A06", "png-claim", "a.png", png_claim, allowed_ends("too_large"), first=True),
    Specimen("A06", "png-bomb", "a.png", png_bomb, PAGES_OR_RESOURCE_LIMIT, slow=True),
    Specimen("A06", "png-deep-bomb", "a.png", lambda: png_bomb(bits=16, kind=6), PAGES_OR_RESOURCE_LIMIT, slow=True),
    Specimen("A06", "png-text-bomb", "a.png", png_text_bomb, allowed_ends("corrupt", PAGES), first=True),
    Specimen("A06", "png-profile-bomb", "a.png", png_profile_bomb, allowed_ends("corrupt", PAGES)),
    Specimen("A06", "png-of-frames", "a.png", animated_png_claim, allowed_ends(PAGES), first=True),
    Specimen("A06", "jpeg-claim", "a.jpg", lambda: jpeg_bomb(HUGE)[:9999], allowed_ends("too_large"), first=True),
    Specimen("A06", "jpeg-bomb", "a.jpg", lambda: jpeg_bomb(LARGE), PAGES_OR_RESOURCE_LIMIT, slow=True),
    Specimen("A06", "jpeg-scans", "a.jpg", jpeg_scans, allowed_ends(PAGES, "corrupt", "resource_limit"), slow=True),
    Specimen("A06", "tiff-claim", "a.tif", tiff_claim, allowed_ends("too_large")),
    Specimen("A06", "tiff-bomb", "a.tif", tiff_bomb, PAGES_OR_RESOURCE_LIMIT, slow=True),
    Specimen("A06", "tiff-loop", "a.tif", tiff_loop, allowed_ends(PAGES, "corrupt"), first=True),
    Specimen("A06", "tiff-loop-on-itself", "a.tif", lambda: tiff_loop(1), allowed_ends(PAGES, "corrupt")),
    Specimen("A06", "tiff-of-pages", "a.tif", tiff_of_pages, allowed_ends("too_large"), first=True),
    Specimen("A06", "tiff-of-strips", "a.tif", tiff_of_strips, allowed_ends("corrupt", "too_large")),
    Specimen("A06", "tiff-of-no-tiles", "a.tif", tiff_of_no_tiles, allowed_ends("corrupt")),
)
