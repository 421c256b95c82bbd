"""TAR archives, plain or packed by gzip: told by the sum over their first header, for old ones bear no mark."""

import zlib

TAR = "application/x-tar"
TGZ = "application/gzip"
_BLOCK = 512
_SUM, _SUM_END = 148, 156
_GZIP = b"\x1f\x8b\x08"
_WITH_HEADER = 16 + zlib.MAX_WBITS


def tar_type(head: bytes) -> str | None:
    """Give the type of a TAR archive by its first bytes, None for other files."""
    if head.startswith(_GZIP):
        return TGZ if _is_tar(_first_unpacked(head)) else None
    return TAR if _is_tar(head) else None


def _first_unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(_WITH_HEADER).decompress(head, _BLOCK)
    except zlib.error:
        return b""


def _is_tar(head: bytes) -> bool:
    """Say whether the first block is a header: its bytes sum up to what it says, the sum itself being blanks."""
    block = head[:_BLOCK]
    if len(block) < _BLOCK or not block[0]:
        return False
    told = block[_SUM:_SUM_END].strip(b"\0 ")
    if not told.isdigit() or told.strip(b"01234567"):
        return False
    return sum(block[:_SUM]) + sum(block[_SUM_END:]) + 8 * ord(" ") == int(told, 8)
