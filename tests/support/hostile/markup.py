"""A10, A11: XML with external or expanding entities, and HTML pages with active content."""

from tests.support import office_files
from tests.support.einvoices import cii, ubl
from tests.support.hostile.specimen import PAGES, Specimen, allowed_ends

_HEAD, _, _BODY = cii().partition("?>")
_ROOT = "CrossIndustryInvoice"
_SECRET = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_CALL = '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/owned.dtd">'
POLICY_REFUSAL = allowed_ends("policy")
CORRUPT = allowed_ends("corrupt")
MEGABYTE = 2**20


def with_doctype(doctype: str) -> bytes:
    """Insert a document type before the invoice."""
    return f"{_HEAD}?>{doctype}{_BODY.replace('Hafenpapier', '&x;', 1)}".encode()


def entity_bomb(levels: int = 10) -> bytes:
    """Build an entity bomb: each entity is ten references to the one before it."""
    lines = ['<!ENTITY x0 "ha">']
    lines += [f'<!ENTITY x{level} "{f"&x{level - 1};" * 10}">' for level in range(1, levels)]
    return with_doctype(f'<!DOCTYPE r [{"".join(lines)}<!ENTITY x "&x{levels - 1};">]>')


def nested_elements(depth: int = 200_000) -> bytes:
    """Build XML with very deeply nested elements."""
    return f"{_HEAD}?><{_ROOT}>{'<a>' * depth}".encode()


def many_elements(count: int = 900_000) -> bytes:
    """Build XML with very many elements."""
    return f"{_HEAD}?><{_ROOT}>{'<a/>' * count}</{_ROOT}>".encode()


def many_attributes(count: int = 60_000) -> bytes:
    """Build XML with one element that has very many attributes."""
    attributes = " ".join(f"a{number}=''" for number in range(count))
    return f"{_HEAD}?><{_ROOT} {attributes}/>".encode()


def long_invoice(lines: int = 20_000) -> bytes:
    """Build an invoice with more lines than any real one."""
    text = cii()
    start, stop = text.index("<IncludedSupplyChain"), text.index("<ApplicableHeaderTradeAgreement>")
    return (text[:start] + text[start:stop] * lines + text[stop:]).encode()


def with_markup_in_texts() -> bytes:
    """Build an invoice with markup in its text values, which must be printed and never interpreted."""
    name = "&lt;img src='http://127.0.0.1:9/x'&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    return cii(seller=name, buyer="&lt;link rel='stylesheet' href='file:///etc/passwd'&gt;").encode()


HTML_WITH_REMOTE_CONTENT = b"""<!doctype html><title>Invoice</title><base href="http://127.0.0.1:9/">
<meta http-equiv="refresh" content="0;url=http://169.254.169.254/latest/meta-data/">
<link rel="stylesheet" href="file:///etc/passwd"><style>@import url(http://127.0.0.1:9/x.css);</style>
<p onclick="alert(1)">Invoice 4711</p><script>document.write(open("/etc/passwd"))</script>
<iframe src="file:///etc/passwd"></iframe><object data="file:///etc/passwd"></object>
<img src="http://169.254.169.254/latest"><img src="file:///etc/passwd"><form action="http://127.0.0.1:9/">
<svg><image href="file:///etc/passwd"/><script>alert(1)</script></svg>"""
SVG_WITH_SCRIPT = (
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><image href='file:///etc/passwd'/></svg>"
)


def deep_html(depth: int = 100_000) -> bytes:
    """Build HTML with very deeply nested elements."""
    return b"<html>" + b"<div>" * depth + b"Invoice 4711"


def wide_html_table(cells: int = 200_000) -> bytes:
    """Build an HTML table with one very long row."""
    return b"<html><table><tr>" + b"<td>1" * cells


def docx_with_entity() -> bytes:
    """Build an office file with an entity that refers to a local file."""
    content = office_files.make_docx()
    head, _, rest = office_files.member(content, "word/document.xml").partition("?>")
    return office_files.with_members(content, {"word/document.xml": f"{head}?>{_SECRET}{rest}".encode()})


SPECIMENS = (
    Specimen("A10", "file-entity", "invoice.xml", lambda: with_doctype(_SECRET), POLICY_REFUSAL, first=True),
    Specimen("A10", "remote-doctype", "invoice.xml", lambda: with_doctype(_CALL), POLICY_REFUSAL),
    Specimen("A10", "laughs", "invoice.xml", entity_bomb, POLICY_REFUSAL, first=True),
    Specimen("A10", "nested", "invoice.xml", nested_elements, allowed_ends("too_large", "corrupt"), first=True),
    Specimen("A10", "crowded", "invoice.xml", many_elements, allowed_ends("too_large")),
    Specimen("A10", "attributes", "invoice.xml", many_attributes, allowed_ends("unsupported", "too_large", "corrupt")),
    Specimen("A10", "endless-lines", "invoice.xml", long_invoice, allowed_ends("too_large")),
    Specimen("A10", "half", "invoice.xml", lambda: ubl().encode()[:2000], CORRUPT),
    Specimen("A10", "unknown-encoding", "a.xml", lambda: cii().replace("UTF-8", "EBCDIC-X").encode(), CORRUPT),
    Specimen("A10", "entity-in-an-office-file", "a.docx", docx_with_entity, allowed_ends(PAGES, "corrupt", "policy")),
    Specimen(
        "A11", "page-that-acts", "invoice.html", lambda: HTML_WITH_REMOTE_CONTENT, allowed_ends(PAGES), first=True
    ),
    Specimen("A11", "deep-page", "deep.html", deep_html, allowed_ends(PAGES)),
    Specimen(
        "A11", "wide-page", "wide.html", wide_html_table, allowed_ends(PAGES, "too_large", "resource_limit"), slow=True
    ),
    Specimen("A11", "drawing", "logo.svg", lambda: SVG_WITH_SCRIPT, allowed_ends("unsupported")),
    Specimen("A11", "markup-in-texts", "invoice.xml", with_markup_in_texts, allowed_ends(PAGES), first=True),
)
