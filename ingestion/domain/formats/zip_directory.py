"""Names in the directory of a ZIP file, which is at its end."""

_NAMES_TO = 10_000


def zip_names(tail: bytes) -> frozenset[bytes]:
    """Return the names that the end of a ZIP directory holds; empty where there is none."""
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return frozenset()
    start = end - int.from_bytes(tail[end + 12 : end + 16], "little")
    at = start if start >= 0 else tail.find(b"PK\x01\x02")
    names: set[bytes] = set()
    while 0 <= at < end and tail[at : at + 4] == b"PK\x01\x02" and len(names) < _NAMES_TO:
        name, extra, note = (int.from_bytes(tail[at + place : at + place + 2], "little") for place in (28, 30, 32))
        names.add(tail[at + 46 : at + 46 + name])
        at += 46 + name + extra + note
    return frozenset(names)
