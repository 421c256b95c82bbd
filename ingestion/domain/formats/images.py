"""Pictures of pages: which kinds are read, told by their first bytes."""

PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
WEBP = "image/webp"
BMP = "image/bmp"
GIF = "image/gif"
HEIC = "image/heic"
"""What telephones take; the same container under its other name, HEIF, goes by this one too."""

PICTURES = frozenset({PNG, JPEG, TIFF, WEBP, BMP, GIF, HEIC})
STILLS = PICTURES - {TIFF}
"""Kinds of which one picture is the page: further ones are an animation, a burst of the same scene, or what a
telephone keeps behind its photograph: its brightness, its depth, a smaller copy."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})  # lengths, which also tell the versions apart
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"})


def picture_type(head: bytes) -> str | None:
    """Give the type of a picture by its first bytes, None for other files."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return BMP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return HEIC
    return None
