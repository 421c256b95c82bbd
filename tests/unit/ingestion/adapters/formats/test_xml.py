"""Hostile XML is refused with a typed error in bounded time and memory; external resources are never accessed."""

import socket
from pathlib import Path

import pytest

from ingestion.adapters.formats.einvoice.xml import (
    MAX_XML_BYTES,
    MAX_XML_DEPTH,
    MAX_XML_ELEMENTS,
    MAX_XML_TEXT,
    BadXml,
    read_xml,
)

ENTITY_BOMB = "".join(f'<!ENTITY l{n} "{("&l" + str(n - 1) + ";") * 10 if n else "ha"}">' for n in range(12))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(f"<!DOCTYPE r [{ENTITY_BOMB}]><r>&l11;</r>".encode(), "forbidden", id="billion laughs"),
        pytest.param(b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "forbidden", id="file"),
        pytest.param(b'<!DOCTYPE r SYSTEM "http://192.0.2.1/x.dtd"><r/>', "forbidden", id="an external dtd"),
        pytest.param(b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://192.0.2.1/p">%p;]><r/>', "forbidden", id="%"),
        pytest.param("<!DOCTYPE r><r/>".encode("utf-16"), "forbidden", id="in another encoding"),
        pytest.param(b"<!DOCTYPE r><r/>", "forbidden", id="a document type alone"),
        pytest.param(b"<r>&x;</r>", "malformed", id="an unknown entity"),
        pytest.param(b"<a>" * (MAX_XML_DEPTH + 1), "too_large", id="deep"),
        pytest.param(b"<a>" * 200_000, "too_large", id="very deep"),
        pytest.param(b"<r>" + b"<a/>" * MAX_XML_ELEMENTS + b"</r>", "too_large", id="many elements"),
        pytest.param(b"<r>" + b"x" * MAX_XML_BYTES + b"</r>", "too_large", id="many bytes"),
        pytest.param(b"<r>" + b"x" * (50 * 2**20) + b"</r>", "too_large", id="fifty megabytes"),
        pytest.param(b"<r><a>", "malformed", id="cut off"),
        pytest.param(b"", "malformed", id="empty"),
        pytest.param(b"<r>\x00</r>", "malformed", id="a zero byte"),
        pytest.param(b'<?xml version="1.0" encoding="nonsense"?><r/>', "malformed", id="no such encoding"),
        pytest.param(b"%PDF-1.7", "malformed", id="no XML"),
    ],
)
def test_read_xml_hostile_document_raises_bad_xml(content: bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(BadXml) as caught:
        read_xml(content)
    assert caught.value.code == code


def test_read_xml_text_is_truncated() -> None:
    root = read_xml(b"<r><a>" + b"A" * 1_000_000 + b"</a></r>")
    assert len(root.first_text("a")) == MAX_XML_TEXT


def test_read_xml_names_lose_prefix_and_keep_namespace() -> None:
    root = read_xml(b'<p:r xmlns:p="urn:x"><p:a b="1">one <!-- two --> three</p:a><p:a>four</p:a></p:r>')
    assert (root.name, root.namespace) == ("r", "urn:x")
    assert [node.text for node in root.find_all("a")] == ["one  three", "four"]
    assert root.find_all("a").__next__().attribute("b") == "1"
    assert root.first("b") is None


def test_read_xml_instructions_and_includes_have_no_effect(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    inside = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}"/>'
    text = f'<?xml-stylesheet href="file://{canary}"?><r>{inside}</r>'
    root = read_xml(text.encode())
    assert [child.name for child in root.children] == ["include"]
