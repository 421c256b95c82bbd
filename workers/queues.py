"""Task queues, named by the resource that their work needs."""

from collections.abc import Sequence
from typing import Final

IO: Final = "io"
"""Workflows, database and network: many at a time."""
CPU: Final = "cpu"
"""Reading documents: one at a time per core."""
INTERACTIVE: Final = "cpu-now"
"""Work that a person waits for, done by the cpu workers beside their batches, in a separate slot."""
GPU: Final = "gpu"
"""Training and third-engine lines: one at a time, on a GPU where there is one."""

ALL: Final = (IO, CPU, GPU)
COMPANION_QUEUES: Final = {CPU: (INTERACTIVE,)}
"""Queues that the workers of another queue serve as well."""


def with_companions(chosen: Sequence[str]) -> list[str]:
    """Return the chosen queues with their companions, each once."""
    return list(dict.fromkeys(name for queue in chosen for name in (queue, *COMPANION_QUEUES.get(queue, ()))))
