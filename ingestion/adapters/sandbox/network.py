"""Network denial for a process without a network namespace: the kernel refuses every new socket.

Local ones too: databases and other services of the machine listen on them. Sockets that a process has already, and
pairs of connected sockets, work as before.
"""

import ctypes
import os
import struct
import sys

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_FROM, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32 = 0x40000000  # the same architecture's second numbering of system calls
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # offsets in struct seccomp_data, little endian
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # EACCES
_IO_URING_SETUP = 425  # on all processors: its rings can make sockets without the call
_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # AUDIT_ARCH_*, number of socket(2)


class _BpfProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def deny_network() -> bool:
    """Refuse new sockets from now on, also for descendants.

    Returns False if the kernel or the processor supports no such filter. Calls in another architecture's numbering
    (32 bits, x32) are refused completely, because they would bypass the filter.
    """
    if sys.platform != "linux" or os.uname().machine not in _CALLS:
        return False
    architecture, number = _CALLS[os.uname().machine]
    rules = b"".join(
        struct.pack("HBBI", *rule)
        for rule in (
            (_LOAD, 0, 0, _ARCHITECTURE_AT),
            (_JUMP_IF_EQUAL, 0, 5, architecture),
            (_LOAD, 0, 0, _NUMBER_AT),
            (_JUMP_IF_FROM, 3, 0, _X32),
            (_JUMP_IF_EQUAL, 2, 0, number),
            (_JUMP_IF_EQUAL, 1, 0, _IO_URING_SETUP),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _REFUSE),
        )
    )
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(_BpfProgram(len(rules) // 8, rules)), 0, 0
    )
