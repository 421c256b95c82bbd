"""Text formats become pages with the original words, each box on its print."""

import json
import re
from pathlib import Path

import pytest

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import PageSource
from ingestion.adapters.formats.text.decoding import decode
from ingestion.adapters.formats.text.html_sanitizer import clean_html, html_text
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.errors import CorruptFile, EmptyFile, TooLarge
from ingestion.domain.formats.entries.texts import CSV, HTML, JSON, MARKDOWN, RST, TXT, XML
from ingestion.domain.formats.intake import detect_media_type
from ingestion.domain.page.elements import BlockKind, WordSource
from ingestion.domain.ports import ReadingOptions
from tests.unit.ingestion.adapters.formats.test_opening import ink_in_boxes

GERMAN = "Die Prüfung kostet 15,50 €. Größe: „groß“. Straße in Österreich."
SCRIPTS = {
    "cyrillic": "Счёт номер 4711 на сумму 1250 рублей",
    "greek": "Τιμολόγιο αριθμός 4711 ποσού",
    "chinese": "发票号码 4711 总金额 一千元",
    "japanese": "請求書 番号 4711 合計 金額",
    "korean": "송장 번호 4711 총액 금액",
    "hebrew": "חשבונית מספר 4711 עבור שירותים",
    "arabic": "فاتورة رقم 4711 مقابل الخدمات الكاملة",
    "hindi": "चालान संख्या 4711 कुल राशि",
    "thai": "ใบแจ้งหนี้ หมายเลข 4711 ยอดรวม",
}


def open_text_file(folder: Path, media_type: str, content: str | bytes) -> PageSource:
    path = folder / "text"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_source(path, media_type)


def words(source: PageSource) -> list[str]:
    found = []
    for number in range(1, source.page_count + 1):
        layer = source.source_page(number).layer
        found += [word.text for word in layer.words] if layer else []
    return found


@pytest.mark.parametrize(
    ("name", "declared", "content", "media_type"),
    [
        ("a.txt", "", b"a letter", TXT),
        ("a", "text/plain; charset=utf-8", b"a letter", TXT),
        ("a.txt", "", "a letter".encode("utf-16"), TXT),
        ("a.txt", "", "a longer letter".encode("utf-16-le"), TXT),
        ("a.md", "", b"# A letter", MARKDOWN),
        ("a.rst", "", b"A letter\n========", RST),
        ("a.csv", "", b"a,b\n1,2", CSV),
        ("a.json", "", b'{"a": 1}', JSON),
        ("a.xml", "", b"<note>a letter</note>", XML),
        ("a", "", b"<?xml version='1.0'?><note/>", XML),
        ("a.php", "", b"<!-- by hand -->\n<!DOCTYPE HTML><p>a letter", HTML),
        ("a.htm", "", b"<p>a letter", HTML),
        ("a.txt", "", b"<html>as it is", TXT),
        ("a", "", b"a letter", None),
        ("a.exe", "text/plain", b"a letter", None),
        ("a.txt", "", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", None),
        ("a.txt", "", bytes(range(32)) * 20, None),
        ("a.xml", "", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", None),
    ],
)
def test_text_type_follows_name_if_content_agrees(
    name: str, declared: str, content: bytes, media_type: str | None
) -> None:
    assert detect_media_type(content, content, name, declared) == media_type


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_decode_uses_declared_encoding(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == GERMAN


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Уважаемые господа! Просим оплатить счёт за поставку оборудования в течение десяти дней."),
        ("koi8-r", "Уважаемые господа! Просим оплатить счёт за поставку оборудования в течение десяти дней."),
        ("shift_jis", "請求書の金額をご確認ください。お支払いは月末までにお願いします。"),
        ("gb18030", "请在收到发票后三十天内付款。谢谢您的合作与支持。"),
        ("iso8859-8", "נא לשלם את החשבונית תוך שלושים יום מיום קבלתה. תודה רבה על שיתוף הפעולה."),
        ("latin-1", "Señor López pagó la factura número 12 del año pasado en Málaga"),
    ],
)
def test_decode_guesses_undeclared_encoding(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(("encoding", "text"), [("iso2022_jp", SCRIPTS["japanese"]), ("iso2022_kr", SCRIPTS["korean"])])
def test_decode_recognises_seven_bit_escapes(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_decode_latin_1_as_windows_1252() -> None:
    assert decode(b"5 \x80 gr\xfcn\x85", "iso-8859-1") == "5 € grün…"
    assert decode("①㈱".encode("cp932"), "shift_jis") == "①㈱"


def test_decode_removes_invisible_characters() -> None:
    naughty = "pay\x00 1\x1b[31m0\x07\u202e0 \u2066EUR\ufeff\x85line\x0cpage"
    assert decode(naughty.encode()) == "pay 100 EUR\nline\npage"


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_text_of_every_script_is_drawn_and_read_back(tmp_path: Path, text: str) -> None:
    source = open_text_file(tmp_path, TXT, text)
    sheet = source.source_page(1)
    assert sorted("".join(words(source))) == sorted(text.replace(" ", ""))
    assert ink_in_boxes(sheet) > 0.97
    assert (sheet.image.min(axis=2) < 128).sum() > 200 * len(text.split())


@pytest.mark.parametrize("text", [SCRIPTS["cyrillic"], SCRIPTS["arabic"]])
def test_text_page_uses_its_own_words(reader: SandboxedPageReader, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    (page,) = reader.read(tmp_path / "a.txt", tmp_path, ReadingOptions(TXT))
    assert page.reading.source is WordSource.NATIVE
    assert sorted(word.text for word in page.reading.words) == sorted(text.split())


def test_text_columns_stay_columns(tmp_path: Path) -> None:
    text = "Article        Price\nScrew           1.50\nHammer         12.00\n"
    layer = open_text_file(tmp_path, TXT, text).source_page(1).layer
    assert layer is not None
    ends = {word.text: word.bbox.x1 for word in layer.words}
    assert ends["1.50"] == pytest.approx(ends["12.00"], abs=0.002)


def test_text_endless_line_wraps_without_loss(tmp_path: Path) -> None:
    source = open_text_file(tmp_path, TXT, "0123456789" * 400)
    assert "".join(words(source)) == "0123456789" * 400
    layer = source.source_page(1).layer
    assert layer is not None
    assert max(word.bbox.x1 for word in layer.words) < 0.95


def test_text_long_file_fills_pages_in_order(tmp_path: Path) -> None:
    source = open_text_file(tmp_path, TXT, "\n".join(f"line {number}" for number in range(1000)))
    assert 10 < source.page_count < 30
    assert words(source) == " ".join(f"line {number}" for number in range(1000)).split()


def test_text_above_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        open_text_file(tmp_path, TXT, b"a\n" * 150_000)
    with pytest.raises(TooLarge):
        open_text_file(tmp_path, TXT, b"a" * (20 * 2**20 + 1))


@pytest.mark.parametrize("media_type", [TXT, CSV, HTML, MARKDOWN, JSON])
def test_text_without_content_is_empty(tmp_path: Path, media_type: str) -> None:
    with pytest.raises(EmptyFile):
        open_text_file(tmp_path, media_type, " \n\n \n")


def test_text_binary_content_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(CorruptFile):
        open_text_file(tmp_path, TXT, bytes(range(256)) * 10)


def test_markdown_has_headings_lists_and_tables(reader: SandboxedPageReader, tmp_path: Path) -> None:
    table = "| Item | Price |\n|---|---|\n| Nail | 0.10 |\n| Bolt | 0.25 |\n"
    text = f"---\nauthor: me\n---\n# Offer\n\n- one\n- two\n\n{table}"
    (tmp_path / "a.md").write_text(text)
    (page,) = reader.read(tmp_path / "a.md", tmp_path, ReadingOptions(MARKDOWN))
    read = page.reading.text
    assert all(word in read for word in ("author:", "Offer", "one", "two", "Nail", "0.25"))
    assert "#" not in read
    assert "|" not in read
    (found,) = [block.table for block in page.reading.blocks if block.kind is BlockKind.TABLE]
    assert found is not None
    assert (found.rows, found.columns) == (3, 2)


def test_rst_is_rendered_without_includes(tmp_path: Path) -> None:
    text = (
        "Report\n======\n\n* first\n* second\n\n.. include:: /etc/passwd\n\n"
        ".. raw:: html\n\n   <script>x</script>\n\n"
        ".. csv-table::\n   :file: /etc/passwd\n\n"
        ".. image:: http://169.254.169.254/x.png\n   :alt: a duck\n\nEnd\n"
    )
    read = words(open_text_file(tmp_path, RST, text))
    assert {"Report", "first", "second", "End", "duck"} <= set(read)
    assert not any("root:" in word or "script" in word for word in read)


def test_csv_is_a_ruled_table(reader: SandboxedPageReader, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("Name;Ort;Betrag\nMüller;Köln;1.250,00\nSchmidt;Bonn;99,90\n".encode("cp1252"))
    (page,) = reader.read(tmp_path / "a.csv", tmp_path, ReadingOptions(CSV))
    (block,) = [block for block in page.reading.blocks if block.kind is BlockKind.TABLE]
    assert block.table is not None
    cells = {
        (cell.row, cell.column): " ".join(word.text for word in page.reading.words[cell.start : cell.stop])
        for cell in block.table.cells
    }
    assert cells[1, 0] == "Müller"
    assert cells[2, 2] == "99,90"
    assert (block.table.rows, block.table.columns) == (3, 3)


@pytest.mark.parametrize(
    "values", ["id|name|city\n1|Ann|Rome", "a,b\n1,@SUM(A1)", "MWMWMW;WWW\n1;2", "品名\t数量\nりんごジュース\t1"]
)
def test_csv_narrow_columns_keep_words_whole(values: str, tmp_path: Path) -> None:
    cells = [word for line in values.split("\n") for word in re.split(r"[|,;\t]", line)]
    assert sorted(words(open_text_file(tmp_path, CSV, values))) == sorted(cells)


def test_csv_excel_separator_line_is_not_a_row(tmp_path: Path) -> None:
    assert words(open_text_file(tmp_path, CSV, 'sep=;\nName,Ort;Betrag\n"Köln";1,50\n')) == [
        "Name,Ort",
        "Betrag",
        "Köln",
        "1,50",
    ]


def test_csv_wide_table_is_landscape_then_split_into_panels(tmp_path: Path) -> None:
    heads = [f"column number {place}" for place in range(40)]
    source = open_text_file(tmp_path, CSV, ",".join(heads) + "\n" + ",".join(f"value{place}" for place in range(40)))
    height, width = source.source_page(1).image.shape[:2]
    assert width > height
    read = words(source)
    assert {f"value{place}" for place in range(40)} <= set(read)
    layers = [source.source_page(number).layer for number in range(1, source.page_count + 1)]
    assert all(word.bbox.x1 < 0.96 for layer in layers if layer for word in layer.words)


def test_csv_many_rows_fill_pages_and_too_many_are_refused(tmp_path: Path) -> None:
    rows = "\n".join(f"{number},{number * 2}" for number in range(500))
    read = words(open_text_file(tmp_path, CSV, "a,b\n" + rows))
    assert read[:4] == ["a", "b", "0", "0"]
    assert read[-2:] == ["499", "998"]
    with pytest.raises(TooLarge):
        open_text_file(tmp_path, CSV, "1,2,3,4,5,6,7,8\n" * 300_000)


def test_json_is_shown_one_member_per_line(tmp_path: Path) -> None:
    read = words(open_text_file(tmp_path, JSON, json.dumps({"name": "Zoë", "list": [1, 2]}, ensure_ascii=True)))
    assert '"Zoë",' in read
    assert words(open_text_file(tmp_path, JSON, '{"cut": [1, 2')) == ['{"cut":', "[1,", "2"]
    assert words(open_text_file(tmp_path, JSON, "[" * 100_000))


def test_xml_is_shown_with_tags_and_unexpanded_entities(tmp_path: Path) -> None:
    assert "<b>deep</b>" in words(open_text_file(tmp_path, XML, "<a><b>deep</b></a>"))
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}<!ENTITY p SYSTEM "file:///etc/passwd">]><a>&l9;&p;</a>'
    read = " ".join(words(open_text_file(tmp_path, XML, bomb)))
    assert "root:" not in read
    assert read.count("ha") < 20
    assert "<a><b>" in " ".join(words(open_text_file(tmp_path, XML, "<a><b>cut off")))


@pytest.mark.parametrize("opening", ["<div>", "<b>", "<svg>", "<x-y z='1'>", "<table><tr><td>"])
def test_clean_deeply_nested_html_keeps_words(opening: str) -> None:
    """Deep nesting is removed before parsing, because a parser checks all open elements for each new one."""
    kept = clean_html(f"<script>alert(1)</script>{opening * 100_000}Invoice 4711<p>of May")
    assert html_text(kept).split() == ["Invoice", "4711", "of", "May"]


def test_clean_lists_and_tables_without_end_tags_are_not_nested() -> None:
    """For any length: the next item or cell ends the previous one."""
    kept = clean_html(f"<div><ul>{'<li>point' * 3000}</ul><table>{'<tr><td>1<td>2' * 3000}</table></div>")
    assert kept.startswith("<div><ul><li>point</li>")
    assert kept.count("<td>") == 6000


def test_clean_html_keeps_text_and_inline_images_only() -> None:
    import base64
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    own = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    kept = clean_html(
        f'<img src="{own}"><img src="http://169.254.169.254/meta" alt="far"><img src="file:///etc/passwd">'
        '<script>alert(1)</script><style>@import url(http://x)</style><a href="file:///etc/passwd">link</a>'
        '<iframe src="http://x"></iframe><object data="http://x">o</object><p onclick="x()">text</p>'
        '<img src="data:image/svg+xml;base64,AAAA"><svg><image href="file:///etc/passwd"/></svg>'
    )
    assert own in kept
    assert "far" in kept
    for gone in ("http", "file:", "script", "alert", "@import", "onclick", "iframe", "svg"):
        assert gone not in kept
    assert "link" in kept


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "ul><li", "b", "blockquote"])
def test_html_deep_nesting_keeps_every_word(tmp_path: Path, tag: str) -> None:
    text = f"<html><body>before {f'<{tag}>' * 20_000} inside"
    assert {"before", "inside"} <= set(words(open_text_file(tmp_path, HTML, text)))


def test_html_meta_encoding_is_used(tmp_path: Path) -> None:
    text = '<html><head><meta charset="iso-8859-2"></head><body>Książka Łódź</body></html>'
    assert words(open_text_file(tmp_path, HTML, text.encode("iso-8859-2"))) == ["Książka", "Łódź"]


def test_html_layout_tables_are_not_tables(tmp_path: Path) -> None:
    inner = "<table><tr><td>one</td><td>two</td></tr></table>"
    frame = "<table border=0><tr><td><table><tr><td>{0}</td></tr></table></td></tr></table>"
    kept = clean_html(frame.format(f"<p>lead</p>{inner}<p>{'long ' * 2000}</p>"))
    assert kept.count("<table") == 1
    assert "<td>one</td><td>two</td>" in kept
    read = words(open_text_file(tmp_path, HTML, frame.format(f"<p>lead</p>{inner}<p>{'long ' * 2000}</p>")))
    assert read[:3] == ["lead", "one", "two"]
    assert read.count("long") == 2000


def test_html_cell_longer_than_page_keeps_every_word(tmp_path: Path) -> None:
    text = f"<table><tr><td>first</td><td>{'word ' * 3000}</td></tr><tr><td>next</td><td>last</td></tr></table>"
    read = words(open_text_file(tmp_path, HTML, text))
    assert read.count("word") == 3000
    assert {"first", "next", "last"} <= set(read)


def test_csv_value_longer_than_page_keeps_every_word(tmp_path: Path) -> None:
    read = words(open_text_file(tmp_path, CSV, f"name,text\nfirst,{'word ' * 3000}\nnext,last\n"))
    assert sum(word.count("word") for word in read) >= 2990
    assert read[-2:] == ["next", "last"]


def test_clean_very_long_row_is_not_a_table() -> None:
    assert "<table" not in clean_html(f"<table><tr>{'<td>1</td>' * 500}</tr></table>")
    assert "<table" in clean_html(f"<table>{'<tr><td>1</td><td>2</td></tr>' * 500}</table>")
