"""File access of a plain child, limited by the kernel's Landlock: programs and libraries, and one document.

Without bubblewrap a child has the account of its parent. Landlock keeps it from the parent's secrets, from the
sockets and files of the data folder and from other processes; it needs no privileges.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on all processors
_GET_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE, _READ, _READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_RIGHTS_BY_VERSION: Final = {1: 13, 2: 14, 3: 15, 5: 16}
"""Number of kinds of file access that each version of Landlock knows."""
_TCP = 0b11  # to bind and to connect
_SCOPES = 0b11  # sockets with abstract names, and signals
_NET_FROM, _SCOPE_FROM = 4, 6
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_KERNEL_FILES = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu")


def landlock_version() -> int:
    """Return the version of Landlock that the kernel supports, 0 for none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, 0, _GET_VERSION)))


def confine_files(folders: Iterable[str], document: int) -> bool:
    """Deny this thread and all its future processes any file but those in `folders`, read-only, and the document.

    `document` is an open descriptor; the file can be opened again by its name below /dev/fd. Returns False if the
    kernel does not support it, in which case nothing changes.
    """
    version = landlock_version()
    ruleset = _libc().syscall(_CREATE_RULESET, *_ruleset(version), 0) if version else -1
    if ruleset < 0:
        return False
    try:
        for place in (*folders, *_KERNEL_FILES):
            _allow_path(ruleset, place, _EXECUTE | _READ | _READ_FOLDER)
        for device in _DEVICES:
            _allow_path(ruleset, device, _READ | _WRITE)
        _allow(ruleset, document, _READ)
        return not _libc().syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _ruleset(version: int) -> tuple[bytes, int]:
    """Return the structure that names what is controlled, in the size that this version knows, and the size."""
    rights = max(count for first, count in _RIGHTS_BY_VERSION.items() if first <= version)
    fields = [(1 << rights) - 1]
    if version >= _NET_FROM:
        fields.append(_TCP)
    if version >= _SCOPE_FROM:
        fields.append(_SCOPES)
    packed = struct.pack(f"={len(fields)}Q", *fields)
    return packed, len(packed)


def _allow_path(ruleset: int, place: str, rights: int) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this machine
        return
    try:
        _allow(ruleset, descriptor, rights if Path(place).is_dir() else rights & ~_READ_FOLDER)
    finally:
        os.close(descriptor)


def _allow(ruleset: int, descriptor: int, rights: int) -> None:
    rule = struct.pack("=Qi", rights, descriptor)
    _libc().syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
