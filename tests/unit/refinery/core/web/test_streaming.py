"""Responses that are sent piece by piece."""

import io
from collections.abc import Iterator

from refinery.core.web.streaming import PieceByPiece, StreamedFile


async def test_pieces_are_fetched_one_by_one_under_asgi() -> None:
    """Django alone would collect all of them first."""
    fetched: list[int] = []

    def pieces() -> Iterator[str]:
        for number in range(3):
            fetched.append(number)
            yield f"{number},"

    received = [(piece, len(fetched)) async for piece in PieceByPiece(pieces())]
    assert received == [(b"0,", 1), (b"1,", 2), (b"2,", 3)]


def test_pieces_are_sent_by_other_servers_too() -> None:
    assert b"".join(PieceByPiece(iter(["a", "b"]))) == b"ab"


async def test_file_is_read_while_it_is_sent() -> None:
    source = io.BytesIO(b"x" * 10_000)
    response = StreamedFile(source, content_type="image/jpeg")
    positions = [source.tell() async for _ in response]
    assert positions == [4096, 8192, 10_000]
