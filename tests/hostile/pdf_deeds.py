"""A08 and A09: PDFs that want to do something, and PDFs under lock."""

import pymupdf

from tests.hostile.pdf import FREE, one_page, stream
from tests.hostile.specimen import PAGES, Specimen, one_of

CALLED = b"http://127.0.0.1:9/called"
"""An address that nobody listens on; a test puts its own in its place."""
WRITTEN = b"/tmp/refinery-hostile-was-here"
RC4, AES_128, AES_256 = 3, 4, 5  # MuPDF's numbers of the ways to encrypt
SECRET, OWNER = "sesame", "owner"


def opening(action: bytes, *, address: bytes = CALLED) -> bytes:
    """Do something as soon as the file is opened, when the page is seen and when it is left."""
    deed = action.replace(CALLED, address)
    page = b"/MediaBox [0 0 595 842] /AA << /O %s /C %s >>" % (deed, deed)
    return one_page(page=page, catalog=b"/OpenAction %s /AA << /WC %s >>" % (deed, deed))


SCRIPT = b"<< /S /JavaScript /JS (app.launchURL\\('" + CALLED + b"'\\); while\\(true\\){}) >>"
ADDRESS = b"<< /S /URI /URI (" + CALLED + b") >>"
PROGRAM = b"<< /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) /P (/c echo > " + WRITTEN + b") >> /NewWindow true >>"
FORM = b"<< /S /SubmitForm /F << /FS /URL /F (" + CALLED + b") >> /Fields [] >>"
ELSEWHERE = b"<< /S /GoToR /F (\\\\\\\\127.0.0.1\\\\share\\\\a.pdf) /D [0 /Fit] >>"
IMPORT = b"<< /S /ImportData /F (/etc/passwd) >>"


def attached(inner: bytes, name: bytes = b"../../../tmp/evil.exe") -> bytes:
    """Carry a file."""
    names = b"/Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>"
    entry = b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F 11 0 R >> >>" % (name, name)
    return one_page(catalog=names, more={FREE: entry, FREE + 1: stream(inner, b"/Type /EmbeddedFile")})


def attached_in_itself(depth: int = 8) -> bytes:
    """Carry a file that carries a file, and so on."""
    inner = one_page()
    for _ in range(depth):
        inner = attached(inner, b"inner.pdf")
    return inner


def fetched_content() -> bytes:
    """Keep the page's content in a file elsewhere."""
    return one_page(stream(b"", b"/F << /FS /URL /F (" + CALLED + b") >> /FFilter /FlateDecode"))


def form_of_xml() -> bytes:
    """Carry a form in XML that names entities of other files."""
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "'
        + CALLED
        + b'">]><xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">&a;&b;</xdp:xdp>'
    )
    return one_page(catalog=b"/AcroForm << /XFA 10 0 R /Fields [] >>", more={FREE: stream(xml)})


def locked(user: str = "", owner: str = OWNER, method: int = AES_256) -> bytes:
    """Give a page under lock."""
    with pymupdf.open(stream=one_page(), filetype="pdf") as document:
        return bytes(document.tobytes(encryption=method, user_pw=user, owner_pw=owner, permissions=0))


def locked_wrongly() -> bytes:
    """Give a file under lock whose lock is broken."""
    content = locked(SECRET)
    at = content.index(b"/U<") + 3
    return content[:at] + b"00" * 20 + content[at + 40 :]


SPECIMENS = (
    Specimen("A08", "script", "a.pdf", lambda: opening(SCRIPT), one_of(PAGES), first=True),
    Specimen("A08", "address", "a.pdf", lambda: opening(ADDRESS), one_of(PAGES)),
    Specimen("A08", "program", "a.pdf", lambda: opening(PROGRAM), one_of(PAGES), first=True),
    Specimen("A08", "form", "a.pdf", lambda: opening(FORM), one_of(PAGES)),
    Specimen("A08", "elsewhere", "a.pdf", lambda: opening(ELSEWHERE), one_of(PAGES)),
    Specimen("A08", "import", "a.pdf", lambda: opening(IMPORT), one_of(PAGES)),
    Specimen("A08", "attached", "a.pdf", lambda: attached(b"MZ" + bytes(99)), one_of(PAGES), first=True),
    Specimen("A08", "attached-in-itself", "a.pdf", attached_in_itself, one_of(PAGES)),
    Specimen("A08", "fetched-content", "a.pdf", fetched_content, one_of(PAGES)),
    Specimen("A08", "form-of-xml", "a.pdf", form_of_xml, one_of(PAGES)),
    Specimen("A09", "owner-aes-256", "a.pdf", locked, one_of(PAGES), first=True),
    Specimen("A09", "user-aes-256", "a.pdf", lambda: locked(SECRET), one_of("needs_password"), first=True),
    Specimen(
        "A09",
        "user-aes-128",
        "a.pdf",
        lambda: locked(SECRET, method=AES_128),
        one_of("needs_password"),
    ),
    Specimen(
        "A09",
        "user-rc4",
        "a.pdf",
        lambda: locked(SECRET, method=RC4),
        one_of("needs_password"),
    ),
    Specimen("A09", "broken-lock", "a.pdf", locked_wrongly, one_of("needs_password", "corrupt", PAGES)),
)
