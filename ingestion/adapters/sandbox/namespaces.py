"""Namespaces that isolate a process from others in the same sandbox.

A process in them can neither signal nor inspect processes outside, and communicates only through the descriptors
it received. It gains no privileges: all capabilities over the new namespaces are dropped at once.
"""

import ctypes

_NEW_IPC, _NEW_USER, _NEW_PID, _NEW_NET = 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000
_PR_CAPBSET_DROP = 24
_CAPABILITIES = 64  # more than any kernel knows
_CAPABILITY_VERSION = 0x2008_0522


def isolate_namespaces() -> bool:
    """Leave the shared namespaces; processes started from now on are in a new PID namespace.

    Returns False if the kernel allows no namespaces within the sandbox's.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_PID | _NEW_IPC | _NEW_NET):
        return False
    for capability in range(_CAPABILITIES):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    head = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    return not libc.capset(head, (ctypes.c_uint32 * 6)())
