"""Size of a WebP image from its first bytes (RFC 9649): libwebp allocates memory for it when it opens one."""

from pathlib import Path

_HEAD = 30
_SIDE = 0x3FFF


def webp_size(path: Path) -> tuple[int, int]:
    """Return width and height; raises ValueError for a header without them."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = head[12:16]
    if len(head) < _HEAD:
        message = "a WebP that ends within its head"
        raise ValueError(message)
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L" and head[20] == 0x2F:
        sides = int.from_bytes(head[21:25], "little")
        return 1 + (sides & _SIDE), 1 + (sides >> 14 & _SIDE)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(head[26:28], "little") & _SIDE, int.from_bytes(head[28:30], "little") & _SIDE
    message = "a WebP of an unknown kind"
    raise ValueError(message)
