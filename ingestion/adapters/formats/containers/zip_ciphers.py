"""Encrypted files of ZIP archives: the old cipher (APPNOTE.TXT 6.1), and AES as WinZip defines it (AE-1, AE-2).

zipfile knows only the old one, and is slow at it. Of fast-zip-decryption only the C module is imported: the other one
replaces classes of zipfile.
"""

import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import pbkdf2_hmac, sha1
from itertools import chain
from typing import Protocol
from zipfile import ZipInfo

from _zipdecrypter import StandardZipDecrypter
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ingestion.domain.errors import CorruptFile, UnsupportedFile, WrongPassword

_AES = 99
_AES_EXTRA = 0x9901
_STRONG = 0x40  # PKWARE's strong encryption, with certificates: not used in practice
_TRAILED = 0x8
_ZIPCRYPTO_HEAD, _VERIFIER, _MAC = 12, 2, 10  # bytes
_BLOCK = 16
_ROUNDS = 1000


class _KeyStream(Protocol):
    def decrypt(self, chunk: bytes) -> bytes: ...

    def end(self, tail: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class ZipEncryption:
    """Encryption of one file: `strength` is that of AES (1 to 3), 0 for the old cipher; `method` is its compression.

    `check_byte` is the byte by which the old cipher checks its password; `body` is the number of encrypted bytes.
    """

    method: int
    strength: int
    check_byte: int
    body: int
    has_checksum: bool

    @property
    def is_weak(self) -> bool:
        """Return whether one wrong password in 256 seems right until the data turns out to be invalid."""
        return not self.strength

    def accepts(self, packed: Iterator[bytes], password: str) -> bool:
        """Return whether a password fits a file's first bytes."""
        return self._stream(_split_head(packed, self._head)[0], password) is not None

    def decrypted(self, packed: Iterator[bytes], password: str) -> Iterator[bytes]:
        """Yield a file's bytes, still compressed; raises WrongPassword, or CorruptFile for a wrong authentication
        code.
        """
        head, rest = _split_head(packed, self._head)
        stream = self._stream(head, password)
        if stream is None:
            raise WrongPassword("The password does not open this archive.")
        left, tail = self.body, b""
        for chunk in rest:
            mine, over = chunk[:left], chunk[left:]
            left, tail = left - len(mine), tail + over
            if mine:
                yield stream.decrypt(mine)
        stream.end(tail)

    @property
    def _head(self) -> int:
        return 4 * (self.strength + 1) + _VERIFIER if self.strength else _ZIPCRYPTO_HEAD

    def _stream(self, head: bytes, password: str) -> _KeyStream | None:
        """Return the key stream of a password, in the encoding that its tool used."""
        for encoding in ("utf-8", "cp1252", "cp437"):
            try:
                secret = password.encode(encoding)
            except UnicodeError:
                continue
            stream = (
                _AesStream.of(head, secret, self.strength)
                if self.strength
                else _ZipCryptoStream.of(head, secret, self.check_byte)
            )
            if stream is not None:
                return stream
        return None


def encryption_of(info: ZipInfo) -> ZipEncryption:
    """Return the encryption of a file; raises UnsupportedFile."""
    if info.flag_bits & _STRONG:
        raise UnsupportedFile("A file in this archive is encrypted with an unsupported method.")
    if info.compress_type != _AES:
        hour, minute = info.date_time[3:5]
        check_byte = (hour << 3 | minute >> 3) & 0xFF if info.flag_bits & _TRAILED else info.CRC >> 24
        return ZipEncryption(
            info.compress_type, 0, check_byte, max(0, info.compress_size - _ZIPCRYPTO_HEAD), has_checksum=True
        )
    version, strength, method = _aes_extra(info.extra)
    overhead = 4 * (strength + 1) + _VERIFIER + _MAC
    return ZipEncryption(method, strength, 0, max(0, info.compress_size - overhead), has_checksum=version == 1)


def _aes_extra(extra: bytes) -> tuple[int, int, int]:
    """Return version, strength and compression method."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + length]
        if kind == _AES_EXTRA and len(body) >= 7:
            version, _vendor, strength, method = struct.unpack("<H2sBH", body[:7])
            if strength in (1, 2, 3):
                return version, strength, method
        at += 4 + length
    raise UnsupportedFile("A file in this archive is encrypted with an unsupported method.")


def _split_head(packed: Iterator[bytes], count: int) -> tuple[bytes, Iterator[bytes]]:
    """Split off the first bytes."""
    head = b""
    for chunk in packed:
        head += chunk
        if len(head) >= count:
            break
    return head[:count], chain((head[count:],), packed)


@dataclass(slots=True)
class _AesStream:
    """AES in counter mode, with a little-endian counter, and HMAC-SHA1 over the encrypted bytes."""

    blocks: Cipher[modes.ECB]
    code: "hmac.HMAC"
    count: int = 0
    left: bytes = b""

    @classmethod
    def of(cls, head: bytes, secret: bytes, strength: int) -> "_AesStream | None":
        """Derive the keys; None for a wrong password."""
        size = 8 * (strength + 1)
        keys = pbkdf2_hmac("sha1", secret, head[:-_VERIFIER], _ROUNDS, 2 * size + _VERIFIER)
        if keys[-_VERIFIER:] != head[-_VERIFIER:]:
            return None
        code = hmac.new(keys[size : 2 * size], digestmod=sha1)
        return cls(Cipher(algorithms.AES(keys[:size]), modes.ECB()), code)  # noqa: S305 - the counters are our own

    def decrypt(self, chunk: bytes) -> bytes:
        self.code.update(chunk)
        wanted = -(-(len(chunk) - len(self.left)) // _BLOCK)
        numbers = range(self.count + 1, self.count + 1 + max(0, wanted))
        self.count = numbers.stop - 1
        counters = b"".join(number.to_bytes(_BLOCK, "little") for number in numbers)
        stream = self.left + self.blocks.encryptor().update(counters)
        self.left = stream[len(chunk) :]
        mixed = int.from_bytes(chunk) ^ int.from_bytes(stream[: len(chunk)])
        return mixed.to_bytes(len(chunk))

    def end(self, tail: bytes) -> None:
        if not hmac.compare_digest(self.code.digest()[:_MAC], tail[:_MAC]):
            raise CorruptFile("A file in this archive is damaged.")


@dataclass(slots=True)
class _ZipCryptoStream:
    """The old cipher: its state follows from the password and from the bytes decrypted so far."""

    cipher: StandardZipDecrypter

    @classmethod
    def of(cls, head: bytes, secret: bytes, check_byte: int) -> "_ZipCryptoStream | None":
        """Process the password and the file's twelve header bytes; None if the last one does not match."""
        stream = cls(StandardZipDecrypter(secret))
        opened = stream.decrypt(head)
        return stream if len(opened) == _ZIPCRYPTO_HEAD and opened[-1] == check_byte else None

    def decrypt(self, chunk: bytes) -> bytes:
        return bytes(self.cipher.decrypt_bytes(chunk))

    def end(self, tail: bytes) -> None:
        """Do nothing: the checksum of the unpacked bytes is sufficient."""
