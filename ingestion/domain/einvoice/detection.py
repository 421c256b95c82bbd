"""Detection of e-invoices in plain XML by their first bytes, before anything parses them."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z]\w*)(?=[\s/>])")
_OWN_ROOTS = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument"})
_SHARED_ROOTS = frozenset({"Invoice", "CreditNote"})  # other kinds of XML have the same root element
_NAMESPACES = ("urn:oasis:names:specification:ubl:schema:xsd:", "urn:un:unece:uncefact:data:standard:CBFBUY")


def looks_like_einvoice(head: bytes) -> bool:
    """Return whether a file begins like an e-invoice in XML: by its root element and namespace."""
    text = _text(head)
    at = _skip_prolog(text)
    root = _ROOT.match(text, at)
    if root is None:
        return False
    return root[1] in _OWN_ROOTS or (root[1] in _SHARED_ROOTS and any(name in text[at:] for name in _NAMESPACES))


def _text(head: bytes) -> str:
    encoding = wide_xml_encoding(head) or "latin-1"
    return head.decode(encoding, "replace").lstrip("\ufeff").lstrip()


def wide_xml_encoding(head: bytes) -> str | None:
    """Return the encoding that the first bytes of XML prove (XML 1.0, appendix F); None for ASCII without a mark."""
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)


def _skip_prolog(text: str) -> int:
    """Skip the declaration, comments, instructions and a document type, which the parser later refuses."""
    at = 0
    while text.startswith(("<?", "<!"), at):
        if text.startswith("<!--", at):
            end, length = text.find("-->", at), 3
        elif text.startswith("<?", at):
            end, length = text.find("?>", at), 2
        else:
            end, length = _end_of_doctype(text, at), 1
        if end < 0:
            return len(text)
        at = end + length
        while text[at : at + 1].isspace():
            at += 1
    return at


def _end_of_doctype(text: str, at: int) -> int:
    """Find the bracket that closes a document type, after its internal declarations if there are any."""
    opened, closed = text.find("[", at), text.find(">", at)
    if 0 <= opened < closed:
        inner = text.find("]", opened)
        return text.find(">", inner) if inner >= 0 else -1
    return closed
