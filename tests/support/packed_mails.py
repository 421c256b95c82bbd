"""Builders of mails whose files are packed by Outlook or by a signature."""

import datetime as dt
import struct
from collections.abc import Mapping
from email.message import EmailMessage

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

_TEXT, _DATA, _PROPERTIES = 0x0001, 0x0006, 0x0006
_LONG_NAME, _MEDIA_TYPE, _OBJECT = 0x3707, 0x370E, 0x3701


def winmail(files: Mapping[str, bytes], *, long_names: bool = False) -> bytes:
    """Build a `winmail.dat`; with `long_names` its titles are short DOS names."""
    made = struct.pack("<IH", 0x223E9F78, 1) + _attribute(1, 0x9006, 0x0008, struct.pack("<I", 0x00010000))
    made += _attribute(1, 0x9007, _DATA, struct.pack("<II", 1252, 0))
    for name, content in files.items():
        made += _attribute(2, 0x9002, _DATA, bytes(14))
        title = "LONGNA~1.PDF" if long_names else name
        made += _attribute(2, 0x8010, _TEXT, title.encode("cp1252") + b"\0")
        made += _attribute(2, 0x800F, _DATA, content)
        if long_names:
            named = _property(_LONG_NAME, 0x1F, name.encode("utf-16-le") + b"\0\0")
            kind = _property(_MEDIA_TYPE, 0x1E, b"application/pdf\0")
            number = struct.pack("<HHI", 0x0003, 0x0E20, len(content))
            own = struct.pack("<HH16sII", 0x0003, 0x8001, bytes(16), 0, 7) + struct.pack("<I", 1)
            made += _attribute(2, 0x9005, _PROPERTIES, struct.pack("<I", 4) + number + own + named + kind)
    return made


def winmail_with_mail(inner: bytes) -> bytes:
    """Build a `winmail.dat` whose only attachment is a mail that Outlook packed."""
    packed = struct.pack("<I", 1) + _property(_OBJECT, 0x0D, bytes(16) + inner)
    made = struct.pack("<IH", 0x223E9F78, 1) + _attribute(2, 0x9002, _DATA, bytes(14))
    return made + _attribute(2, 0x9005, _PROPERTIES, packed)


def _attribute(level: int, number: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, number, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def _property(number: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + bytes(-len(value) % 4)


def signed(content: bytes) -> bytes:
    """Sign a content that is part of the signature's file (DER)."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(_certificate(key), key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def signed_in_pieces(content: bytes) -> bytes:
    """Build the beginning of a signature's file as programs write it that do not know its length in advance (BER)."""
    middle = len(content) // 2
    pieces = b"".join(_definite(0x04, piece) for piece in (content[:middle], content[middle:]))
    data_type, signed_type = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    wrapped = _open(0x30, data_type + _open(0xA0, _open(0x24, pieces)))
    return _open(0x30, signed_type + _open(0xA0, _open(0x30, b"\x02\x01\x01" + _definite(0x31, b"") + wrapped)))


def encrypted(content: bytes) -> bytes:
    """Encrypt a content for somebody else."""
    key = rsa.generate_private_key(65537, 2048)
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(_certificate(key))
    return builder.encrypt(serialization.Encoding.DER, [])


def mail_around(packed: bytes, media_type: str, name: str) -> EmailMessage:
    """Build a mail that consists of a packed file only."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ann@example.org", "desk@example.org", "Signed bill"
    kind, _, subtype = media_type.partition("/")
    mail.set_content(packed, maintype=kind, subtype=subtype, disposition="attachment", filename=name)
    return mail


def _definite(tag: int, content: bytes) -> bytes:
    length = len(content)
    size = (length.bit_length() + 7) // 8
    head = bytes((length,)) if length < 0x80 else bytes((0x80 | size,)) + length.to_bytes(size)
    return bytes((tag,)) + head + content


def _open(tag: int, content: bytes) -> bytes:
    return bytes((tag, 0x80)) + content + b"\0\0"


def _certificate(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ann")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(start).not_valid_after(start + dt.timedelta(days=400))
    return builder.sign(key, hashes.SHA256())
