"""A forest of small trees whose leaves add up to log odds; fitted elsewhere, walked here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that asks the same question of everybody on one level: is that feature above this bound?

    The answers, first question first, are the bits of the leaf's number.
    """

    features: tuple[int, ...]
    bounds: tuple[float, ...]
    leaves: tuple[float, ...]

    def value(self, numbers: Sequence[float]) -> float:
        """Give the leaf that these numbers lead to."""
        leaf = 0
        for feature, bound in zip(self.features, self.bounds, strict=True):
            leaf = 2 * leaf + (numbers[feature] > bound)
        return self.leaves[leaf]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees over features by name; `start` is what holds before any question."""

    names: tuple[str, ...]
    start: float
    trees: tuple[Tree, ...]

    def value(self, features: Mapping[str, float]) -> float:
        """Give the sum of all trees; raises KeyError for a feature that is missing."""
        numbers = [features[name] for name in self.names]
        return self.start + sum(tree.value(numbers) for tree in self.trees)


def pack_forest(forest: Forest) -> dict[str, Any]:
    """Give a forest as JSON."""
    trees = [[list(tree.features), list(tree.bounds), list(tree.leaves)] for tree in forest.trees]
    return {"names": list(forest.names), "start": forest.start, "trees": trees}


def unpack_forest(packed: Mapping[str, Any]) -> Forest:
    """Read a forest back."""
    trees = tuple(Tree(tuple(f), tuple(b), tuple(leaves)) for f, b, leaves in packed["trees"])
    return Forest(tuple(packed["names"]), float(packed["start"]), trees)
