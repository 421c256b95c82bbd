"""A10, A11: XML that asks for what lies elsewhere or grows while it is read, and pages that would act."""

from tests.einvoices import cii, ubl
from tests.hostile.specimen import PAGES, Specimen, one_of
from tests.reading import offices

_HEAD, _, _BODY = cii().partition("?>")
_ROOT = "CrossIndustryInvoice"
_SECRET = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_CALL = '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/owned.dtd">'
REFUSED = one_of("policy")
BROKEN = one_of("corrupt")
MEGABYTE = 2**20


def typed(doctype: str) -> bytes:
    """Put a document type before the invoice."""
    return f"{_HEAD}?>{doctype}{_BODY.replace('Hafenpapier', '&x;', 1)}".encode()


def laughs(levels: int = 10) -> bytes:
    """Define entities by entities, ten of the one before in each."""
    lines = ['<!ENTITY x0 "ha">']
    lines += [f'<!ENTITY x{level} "{f"&x{level - 1};" * 10}">' for level in range(1, levels)]
    return typed(f'<!DOCTYPE r [{"".join(lines)}<!ENTITY x "&x{levels - 1};">]>')


def nested(depth: int = 200_000) -> bytes:
    """Nest elements without end."""
    return f"{_HEAD}?><{_ROOT}>{'<a>' * depth}".encode()


def crowded(count: int = 900_000) -> bytes:
    """Write very many elements."""
    return f"{_HEAD}?><{_ROOT}>{'<a/>' * count}</{_ROOT}>".encode()


def wide(count: int = 60_000) -> bytes:
    """Give one element very many attributes."""
    attributes = " ".join(f"a{number}=''" for number in range(count))
    return f"{_HEAD}?><{_ROOT} {attributes}/>".encode()


def long_invoice(lines: int = 20_000) -> bytes:
    """Repeat an invoice's line until it is larger than any is."""
    text = cii()
    start, stop = text.index("<IncludedSupplyChain"), text.index("<ApplicableHeaderTradeAgreement>")
    return (text[:start] + text[start:stop] * lines + text[stop:]).encode()


def scripted() -> bytes:
    """Put markup where texts stand: it is to be printed, never to be obeyed."""
    name = "&lt;img src='http://127.0.0.1:9/x'&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    return cii(seller=name, buyer="&lt;link rel='stylesheet' href='file:///etc/passwd'&gt;").encode()


WEB = b"""<!doctype html><title>Invoice</title><base href="http://127.0.0.1:9/">
<meta http-equiv="refresh" content="0;url=http://169.254.169.254/latest/meta-data/">
<link rel="stylesheet" href="file:///etc/passwd"><style>@import url(http://127.0.0.1:9/x.css);</style>
<p onclick="alert(1)">Invoice 4711</p><script>document.write(open("/etc/passwd"))</script>
<iframe src="file:///etc/passwd"></iframe><object data="file:///etc/passwd"></object>
<img src="http://169.254.169.254/latest"><img src="file:///etc/passwd"><form action="http://127.0.0.1:9/">
<svg><image href="file:///etc/passwd"/><script>alert(1)</script></svg>"""
DRAWING = (
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><image href='file:///etc/passwd'/></svg>"
)


def deep_page(depth: int = 100_000) -> bytes:
    """Nest what a page is made of without end."""
    return b"<html>" + b"<div>" * depth + b"Invoice 4711"


def wide_page(cells: int = 200_000) -> bytes:
    """Give a table of one row that never ends."""
    return b"<html><table><tr>" + b"<td>1" * cells


def office_entity() -> bytes:
    """Let an office file ask for a file of the machine."""
    content = offices.word()
    head, _, rest = offices.member(content, "word/document.xml").partition("?>")
    return offices.with_members(content, {"word/document.xml": f"{head}?>{_SECRET}{rest}".encode()})


SPECIMENS = (
    Specimen("A10", "file-entity", "invoice.xml", lambda: typed(_SECRET), REFUSED, first=True),
    Specimen("A10", "remote-doctype", "invoice.xml", lambda: typed(_CALL), REFUSED),
    Specimen("A10", "laughs", "invoice.xml", laughs, REFUSED, first=True),
    Specimen("A10", "nested", "invoice.xml", nested, one_of("too_large", "corrupt"), first=True),
    Specimen("A10", "crowded", "invoice.xml", crowded, one_of("too_large")),
    Specimen("A10", "attributes", "invoice.xml", wide, one_of("unsupported", "too_large", "corrupt")),
    Specimen("A10", "endless-lines", "invoice.xml", long_invoice, one_of("too_large")),
    Specimen("A10", "half", "invoice.xml", lambda: ubl().encode()[:2000], BROKEN),
    Specimen("A10", "unknown-encoding", "a.xml", lambda: cii().replace("UTF-8", "EBCDIC-X").encode(), BROKEN),
    Specimen("A10", "entity-in-an-office-file", "a.docx", office_entity, one_of(PAGES, "corrupt", "policy")),
    Specimen("A11", "page-that-acts", "invoice.html", lambda: WEB, one_of(PAGES), first=True),
    Specimen("A11", "deep-page", "deep.html", deep_page, one_of(PAGES)),
    Specimen("A11", "wide-page", "wide.html", wide_page, one_of(PAGES, "too_large", "resource_limit"), slow=True),
    Specimen("A11", "drawing", "logo.svg", lambda: DRAWING, one_of("unsupported")),
    Specimen("A11", "markup-in-texts", "invoice.xml", scripted, one_of(PAGES), first=True),
)
