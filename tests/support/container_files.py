"""Builders of container files for tests, valid and hostile."""

import hmac
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from hashlib import pbkdf2_hmac, sha1
from io import BytesIO
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

AES = 99
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU"
    b"\0\0\0\nIDATx\x9cc\xf8\x0f\0\x01\x01\x01\0\x1b\xb6\xeeV\0\0\0\0IEND\xaeB`\x82"
)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Build a ZIP of the members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def nested_zip(depth: int, content: bytes = PDF) -> bytes:
    """Build `depth` ZIP archives nested around one file."""
    packed, name = content, "a.pdf"
    for level in range(depth):
        packed, name = zipped({name: packed}, zipfile.ZIP_STORED), f"level-{level}.zip"
    return packed


def zip_bomb(levels: int = 5, wide: int = 16, bottom: int = 10 * 2**20) -> bytes:
    """Build a zip bomb: each archive contains sixteen of the next level, the innermost contain zeros."""
    packed = zipped({"0.dll": bytes(bottom)})
    for level in range(levels):
        packed = zipped({f"lib {level} {n}.zip": packed for n in range(wide)})
    return packed


def zip_with_symlink() -> bytes:
    """Build a ZIP that contains a symbolic link."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def zip_marked_encrypted() -> bytes:
    """Build a ZIP whose directory marks a file as encrypted; no password opens it."""
    return _patched_headers(zipped({"a.pdf": PDF}), lambda at: (at + 8, struct.pack("<H", 1)))


TIME_OF_DAY = 0x6B43  # 13:26:06


def encrypted_zip(
    members: dict[str, bytes],
    password: str | bytes,
    strength: int = 0,
    *,
    version: int = 2,
    streamed: bool = False,
    **other: str,
) -> bytes:
    """Build an encrypted ZIP: AES with a strength from 1 to 3, or the traditional PKWARE cipher.

    `version` is that of AES: AE-1 has checksums. `streamed` marks files whose sizes were not known in advance, so that
    the old cipher checks its password by the time. `other` maps names without a suffix to other passwords; "" leaves a
    member unencrypted.
    """
    body, lines, method = b"", b"", AES if strength else 8
    for name, content in members.items():
        deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed, own = deflate.compress(content) + deflate.flush(), other.get(name.partition(".")[0], password)
        key = own.encode() if isinstance(own, str) else own
        crc, extra = zlib.crc32(content), b""
        if key and strength:
            packed, extra = _aes(packed, key, strength), _aes_extra(strength, version)
            crc = crc if version == 1 else 0
        elif key:
            check = TIME_OF_DAY >> 8 if streamed else crc >> 24
            packed = _old_cipher(bytes(range(11)) + bytes([check]) + packed, key)
        flags = int(bool(key)) | 8 * streamed
        how = (flags, method if key else 8, TIME_OF_DAY, 33, crc, len(packed), len(content), len(name), len(extra))
        lines += struct.pack("<4s4B4H3I2H3H2I", b"PK\x01\x02", 51, 0, 51, 0, *how, 0, 0, 0, 0, len(body))
        lines += name.encode() + extra
        body += struct.pack("<4s2B4H3I2H", b"PK\x03\x04", 51, 0, *how) + name.encode() + extra + packed
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(members), len(members), len(lines), len(body), 0)
    return body + lines + end


def _old_cipher(clear: bytes, password: bytes) -> bytes:
    """Encrypt with the traditional PKWARE cipher (APPNOTE.TXT 6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value: int, byte: int) -> int:
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def feed(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) % 2**32
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        feed(byte)
    out = bytearray()
    for byte in clear:
        mask = keys[2] & 0xFFFF | 2
        out.append(byte ^ (mask * (mask ^ 1)) >> 8 & 0xFF)
        feed(byte)
    return bytes(out)


def _aes(clear: bytes, password: bytes, strength: int) -> bytes:
    """Encrypt as WinZip does (AE-2), block by block."""
    size, salt = 8 * (strength + 1), bytes(range(4 * (strength + 1)))
    keys = pbkdf2_hmac("sha1", password, salt, 1000, 2 * size + 2)
    blocks = Cipher(algorithms.AES(keys[:size]), modes.ECB()).encryptor()  # noqa: S305 - the counters are below
    out = bytearray()
    for number, start in enumerate(range(0, len(clear), 16), 1):
        stream = blocks.update(number.to_bytes(16, "little"))
        out += bytes(one ^ other for one, other in zip(clear[start : start + 16], stream, strict=False))
    code = hmac.new(keys[size : 2 * size], out, sha1).digest()[:10]
    return salt + keys[-2:] + bytes(out) + code


def _aes_extra(strength: int, version: int) -> bytes:
    return struct.pack("<2HH2sBH", 0x9901, 7, version, b"AE", strength, 8)


def zip_with_method(content: bytes, method: int) -> bytes:
    """Set another compression method in both headers of the archive's only file."""
    content = content[:8] + struct.pack("<H", method) + content[10:]
    return _patched_headers(content, lambda at: (at + 10, struct.pack("<H", method)))


def zip_with_false_sizes(declared: int, real: int) -> bytes:
    """Build a ZIP whose two headers declare `declared` bytes for a file of `real` zeros."""
    content = zipped({"a.bin": bytes(real)})
    both = content.replace(struct.pack("<I", real), struct.pack("<I", declared))
    crc = struct.pack("<I", zlib.crc32(bytes(real)))
    return both.replace(crc, struct.pack("<I", zlib.crc32(bytes(declared))))


def zip_with_two_sizes(real: int = 5000) -> bytes:
    """Build a ZIP whose directory declares another size than the local header."""
    content = zipped({"a.bin": bytes(range(250)) * (real // 250)})
    return _patched_headers(content, lambda at: (at + 24, struct.pack("<I", real * 2)))


def zip_with_shared_entry(count: int = 50, kernel: int = 2**20) -> bytes:
    """Build a ZIP with many directory entries that point at one compressed file."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    content = bytes(range(256)) * (kernel // 256)
    packed = deflate.compress(content) + deflate.flush()
    sizes = (zlib.crc32(content), len(packed), len(content))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, *sizes, 1, 0) + b"a" + packed
    lines = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, *sizes, 1, 0, 0, 0, 0, 0, 0) + bytes([97 + n])
        for n in range(count)
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(lines), len(local), 0)
    return local + lines + end


def deeply_nested_zip(depth: int = 12) -> bytes:
    """Build a ZIP nested deeper than the depth limit, as a substitute for an archive that contains itself."""
    return nested_zip(depth)


def zip_with_huge_directory() -> bytes:
    """Build a ZIP that claims a directory of one gigabyte."""
    return b"PK\x03\x04" + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65535, 65535, 2**30, 4, 0)


def _patched_headers(content: bytes, change: Callable[[int], tuple[int, bytes]]) -> bytes:
    place, value = change(content.index(b"PK\x01\x02"))
    return content[:place] + value + content[place + len(value) :]


def mail_with_files(
    subject: str = "Invoices", *files: tuple[str, str, bytes], text: str = "See the attached."
) -> EmailMessage:
    """Build a mail with attachments of (name, media type, content)."""
    message = EmailMessage()
    message["From"], message["To"] = "Ann <ann@example.org>", "desk@example.com"
    message["Subject"], message["Date"] = subject, "Tue, 03 Mar 2026 10:00:00 +0000"
    message.set_content(text)
    for name, kind, content in files:
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return message


def nested_mail(depth: int) -> bytes:
    """Build a mail with `depth` levels of attached mails."""
    head = b"From: a@example.org\nSubject: %d\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    return b"".join(head % n for n in range(depth)) + b"From: a@example.org\nSubject: last\n\nthe end\n"


def mail_with_many_files(count: int) -> bytes:
    """Build a mail with very many small attachments."""
    part = b"--cut\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a%d.pdf\n\n%%PDF-1.7\n"
    head = b"From: a@example.org\nSubject: many\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=cut\n\n"
    return head + b"".join(part % n for n in range(count)) + b"--cut--\n"


def nested_parts(depth: int) -> bytes:
    """Build one mail with `depth` nested multipart levels."""
    head = b"From: a@example.org\nSubject: deep\nMIME-Version: 1.0\n"
    return head + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))


def pdf_with_attachments(path: Path, files: dict[str, bytes], password: str = "") -> Path:
    """Write a one-page PDF with attached files."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 300))
    for name, content in files.items():
        spec = pikepdf.AttachedFileSpec(
            document, content, filename=name, description="", mime_type="", creation_date="", mod_date=""
        )
        document.attachments[name] = spec
    lock = pikepdf.Encryption(owner=password, user=password) if password else None
    document.save(path, encryption=lock)
    return path
