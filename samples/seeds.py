"""Every document owns its randomness: a stream named by the seed and a path, the same in any process."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def stream(seed: int, *path: object) -> Random:
    """Give the random stream of `path` under `seed`; the same names give the same numbers everywhere."""
    name = "/".join(str(part) for part in (seed, *path))
    return Random(name)  # noqa: S311 - documents are made up, nothing secret is drawn


def noise(rng: Random) -> np.random.Generator:
    """Give a NumPy generator that continues from `rng`, for pixels."""
    return np.random.default_rng(rng.getrandbits(64))


def weighted(rng: Random, options: Sequence[tuple[T, float]]) -> T:
    """Draw one option by its weight."""
    return rng.choices([option for option, _ in options], [weight for _, weight in options])[0]


def digits(rng: Random, count: int) -> str:
    """Draw `count` decimal digits, the first of them not zero."""
    return str(rng.randrange(10 ** (count - 1), 10**count))
