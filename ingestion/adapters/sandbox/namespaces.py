"""A cell: namespaces of its own for a process that others run beside in one sandbox.

What is in a cell can neither signal nor look into what is outside, nor talk to it but through what it was given.
It may do no more for being in one: all rights over the new namespaces are given back at once.
"""

import ctypes

_NEW_IPC, _NEW_USER, _NEW_PID, _NEW_NET = 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000
_PR_CAPBSET_DROP = 24
_CAPABILITIES = 64  # more than any kernel knows
_CAPABILITY_VERSION = 0x2008_0522


def enter_cell() -> bool:
    """Leave the namespaces that are shared; what this process starts from now on has numbers of its own.

    False where the kernel allows no namespaces within the sandbox's.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_PID | _NEW_IPC | _NEW_NET):
        return False
    for capability in range(_CAPABILITIES):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    head = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    return not libc.capset(head, (ctypes.c_uint32 * 6)())
