"""Task queues, named by the resource that their work needs."""

from collections.abc import Sequence
from typing import Final

IO: Final = "io"
"""Workflows, database and network: many at a time."""
CPU: Final = "cpu"
"""Reading documents: as many at a time as there are cores for."""
NOW: Final = "cpu-now"
"""What a person waits for, read by the cpu workers beside their batches, in a slot of its own."""
GPU: Final = "gpu"
"""Training and second looks at doubted lines: one at a time, on a GPU where there is one."""

ALL: Final = (IO, CPU, GPU)
BESIDE: Final = {CPU: (NOW,)}
"""Queues that the workers of another one serve along with it."""


def served_by(chosen: Sequence[str]) -> list[str]:
    """Give the chosen queues with those that come along, each once."""
    return list(dict.fromkeys(name for queue in chosen for name in (queue, *BESIDE.get(queue, ()))))
