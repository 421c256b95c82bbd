"""Task queues, named by the resource that their work needs."""

from typing import Final

IO: Final = "io"
"""Workflows, database and network: many at a time."""
CPU: Final = "cpu"
"""Reading documents: as many at a time as there are cores for."""
GPU: Final = "gpu"
"""Training: one at a time, on a GPU where there is one."""

ALL: Final = (IO, CPU, GPU)
