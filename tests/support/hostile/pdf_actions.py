"""A08 and A09: PDFs with actions, and encrypted PDFs."""

import pymupdf

from tests.support.hostile.pdf import FIRST_FREE_OBJECT, one_page, stream
from tests.support.hostile.specimen import PAGES, Specimen, allowed_ends

CALLBACK_URL = b"http://127.0.0.1:9/called"
"""An address without a listener; a test replaces it with another address."""
CANARY_PATH = b"/tmp/refinery-hostile-was-here"
RC4, AES_128, AES_256 = 3, 4, 5  # MuPDF's encryption methods
SECRET, OWNER = "sesame", "owner"


def pdf_with_open_action(action: bytes, *, address: bytes = CALLBACK_URL) -> bytes:
    """Build a PDF with an action on opening the file, on showing the page and on leaving it."""
    deed = action.replace(CALLBACK_URL, address)
    page = b"/MediaBox [0 0 595 842] /AA << /O %s /C %s >>" % (deed, deed)
    return one_page(page=page, catalog=b"/OpenAction %s /AA << /WC %s >>" % (deed, deed))


JAVASCRIPT_ACTION = b"<< /S /JavaScript /JS (app.launchURL\\('" + CALLBACK_URL + b"'\\); while\\(true\\){}) >>"
URI_ACTION = b"<< /S /URI /URI (" + CALLBACK_URL + b") >>"
LAUNCH_ACTION = (
    b"<< /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) /P (/c echo > " + CANARY_PATH + b") >> /NewWindow true >>"
)
SUBMIT_FORM_ACTION = b"<< /S /SubmitForm /F << /FS /URL /F (" + CALLBACK_URL + b") >> /Fields [] >>"
REMOTE_GOTO_ACTION = b"<< /S /GoToR /F (\\\\\\\\127.0.0.1\\\\share\\\\a.pdf) /D [0 /Fit] >>"
IMPORT_DATA_ACTION = b"<< /S /ImportData /F (/etc/passwd) >>"


def with_attachment(inner: bytes, name: bytes = b"../../../tmp/evil.exe") -> bytes:
    """Build a PDF with an attachment."""
    names = b"/Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>"
    entry = b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F 11 0 R >> >>" % (name, name)
    return one_page(
        catalog=names, more={FIRST_FREE_OBJECT: entry, FIRST_FREE_OBJECT + 1: stream(inner, b"/Type /EmbeddedFile")}
    )


def nested_attachments(depth: int = 8) -> bytes:
    """Build `depth` levels of PDFs attached to PDFs."""
    inner = one_page()
    for _ in range(depth):
        inner = with_attachment(inner, b"inner.pdf")
    return inner


def external_content_stream() -> bytes:
    """Build a PDF whose page content is in an external file."""
    return one_page(stream(b"", b"/F << /FS /URL /F (" + CALLBACK_URL + b") >> /FFilter /FlateDecode"))


def form_of_xml() -> bytes:
    """Build a PDF with an XML form whose entities refer to other files."""
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "'
        + CALLBACK_URL
        + b'">]><xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">&a;&b;</xdp:xdp>'
    )
    return one_page(catalog=b"/AcroForm << /XFA 10 0 R /Fields [] >>", more={FIRST_FREE_OBJECT: stream(xml)})


def encrypted_pdf(user: str = "", owner: str = OWNER, method: int = AES_256) -> bytes:
    """Build an encrypted one-page PDF."""
    with pymupdf.open(stream=one_page(), filetype="pdf") as document:
        return bytes(document.tobytes(encryption=method, user_pw=user, owner_pw=owner, permissions=0))


def pdf_with_broken_encryption() -> bytes:
    """Build an encrypted PDF with an invalid encryption dictionary."""
    content = encrypted_pdf(SECRET)
    at = content.index(b"/U<") + 3
    return content[:at] + b"00" * 20 + content[at + 40 :]


SPECIMENS = (
    Specimen(
        "A08", "script", "a.pdf", lambda: pdf_with_open_action(JAVASCRIPT_ACTION), allowed_ends(PAGES), first=True
    ),
    Specimen("A08", "address", "a.pdf", lambda: pdf_with_open_action(URI_ACTION), allowed_ends(PAGES)),
    Specimen("A08", "program", "a.pdf", lambda: pdf_with_open_action(LAUNCH_ACTION), allowed_ends(PAGES), first=True),
    Specimen("A08", "form", "a.pdf", lambda: pdf_with_open_action(SUBMIT_FORM_ACTION), allowed_ends(PAGES)),
    Specimen("A08", "elsewhere", "a.pdf", lambda: pdf_with_open_action(REMOTE_GOTO_ACTION), allowed_ends(PAGES)),
    Specimen("A08", "import", "a.pdf", lambda: pdf_with_open_action(IMPORT_DATA_ACTION), allowed_ends(PAGES)),
    Specimen("A08", "attached", "a.pdf", lambda: with_attachment(b"MZ" + bytes(99)), allowed_ends(PAGES), first=True),
    Specimen("A08", "attached-in-itself", "a.pdf", nested_attachments, allowed_ends(PAGES)),
    Specimen("A08", "fetched-content", "a.pdf", external_content_stream, allowed_ends(PAGES)),
    Specimen("A08", "form-of-xml", "a.pdf", form_of_xml, allowed_ends(PAGES)),
    Specimen("A09", "owner-aes-256", "a.pdf", encrypted_pdf, allowed_ends(PAGES), first=True),
    Specimen("A09", "user-aes-256", "a.pdf", lambda: encrypted_pdf(SECRET), allowed_ends("needs_password"), first=True),
    Specimen(
        "A09", "user-aes-128", "a.pdf", lambda: encrypted_pdf(SECRET, method=AES_128), allowed_ends("needs_password")
    ),
    Specimen("A09", "user-rc4", "a.pdf", lambda: encrypted_pdf(SECRET, method=RC4), allowed_ends("needs_password")),
    Specimen(
        "A09", "broken-lock", "a.pdf", pdf_with_broken_encryption, allowed_ends("needs_password", "corrupt", PAGES)
    ),
)
