"""Random streams: each document has a stream named by the seed and a path, the same in any process."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def random_stream(seed: int, *path: object) -> Random:
    """Return the random stream of `path` under `seed`; the same names produce the same numbers everywhere."""
    name = "/".join(str(part) for part in (seed, *path))
    return Random(name)  # noqa: S311 - documents are made up, nothing secret is drawn


def numpy_generator(rng: Random) -> np.random.Generator:
    """Return a NumPy generator that continues from `rng`, for pixels."""
    return np.random.default_rng(rng.getrandbits(64))


def weighted_choice(rng: Random, options: Sequence[tuple[T, float]]) -> T:
    """Return a random option, by weight."""
    return rng.choices([option for option, _ in options], [weight for _, weight in options])[0]


def random_digits(rng: Random, count: int) -> str:
    """Return `count` random decimal digits, the first of them not zero."""
    return str(rng.randrange(10 ** (count - 1), 10**count))
