"""Pictures of pages, detected by their first bytes."""

from collections.abc import Callable

from ingestion.domain.formats.file_format import FileFormat, FormatKind, Precedence

PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
WEBP = "image/webp"
BMP = "image/bmp"
GIF = "image/gif"
HEIC = "image/heic"
"""HEIF, the same container under another name, has this type too."""

_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})  # lengths, which differ between versions
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"})


def picture_format(
    media_type: str,
    name: str,
    suffixes: tuple[str, ...],
    *signatures: bytes,
    proves: Callable[[bytes], bool] | None = None,
) -> FileFormat:
    """Return the entry of a picture: `proves`, else a comparison with the signatures, detects it."""
    frames = "each frame is a page" if media_type == TIFF else "the first frame is the page"
    return FileFormat(
        media_type=media_type,
        name=name,
        kind=FormatKind.PICTURE,
        suffixes=suffixes,
        precedence=Precedence.MAGIC_NUMBER,
        proves=proves or (lambda head: head.startswith(signatures)),
        example=signatures[0],
        note=f"Pillow, then OCR; {frames}",
    )


def _is_webp(head: bytes) -> bool:
    return head.startswith(b"RIFF") and head[8:12] == b"WEBP"


def _is_heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS


def _is_bmp(head: bytes) -> bool:
    return head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS


FORMATS = (
    picture_format(PNG, "PNG", (".png",), b"\x89PNG\r\n\x1a\n"),
    picture_format(JPEG, "JPEG", (".jpg", ".jpeg", ".jpe"), b"\xff\xd8\xff"),
    picture_format(TIFF, "TIFF", (".tif", ".tiff"), b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    picture_format(WEBP, "WebP", (".webp",), b"RIFF\x04\0\0\0WEBP", proves=_is_webp),
    picture_format(HEIC, "HEIC", (".heic", ".heif", ".hif"), b"\0\0\0\x18ftypheic", proves=_is_heic),
    picture_format(BMP, "BMP", (".bmp", ".dib"), b"BM" + bytes(12) + b"\x28\0\0\0", proves=_is_bmp),
    picture_format(GIF, "GIF", (".gif",), b"GIF87a", b"GIF89a"),
)
