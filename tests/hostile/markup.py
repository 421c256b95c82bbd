"""A10: XML that asks for what lies elsewhere, or grows while it is read; as e-invoices, which are read as XML."""

from tests.einvoices import cii, ubl
from tests.hostile.specimen import PAGES, Specimen, one_of

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
    Specimen("A11", "markup-in-texts", "invoice.xml", scripted, one_of(PAGES), first=True),
)
