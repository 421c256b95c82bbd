"""Forest of small trees whose leaves add up to log odds; it is fitted elsewhere and evaluated here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tree:
    """Tree that compares one feature with one bound on each level, the same for all nodes of the level.

    The results, first level first, are the bits of the leaf's number.
    """

    features: tuple[int, ...]
    thresholds: tuple[float, ...]
    leaves: tuple[float, ...]

    def value(self, numbers: Sequence[float]) -> float:
        """Return the leaf for these feature values."""
        leaf = 0
        for feature, bound in zip(self.features, self.thresholds, strict=True):
            leaf = 2 * leaf + (numbers[feature] > bound)
        return self.leaves[leaf]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees over features by name; `start` is the value before any tree."""

    feature_names: tuple[str, ...]
    bias: float
    trees: tuple[Tree, ...]

    def value(self, features: Mapping[str, float]) -> float:
        """Return the sum of all trees; raises KeyError for a missing feature."""
        numbers = [features[name] for name in self.feature_names]
        return self.bias + sum(tree.value(numbers) for tree in self.trees)


def pack_forest(forest: Forest) -> dict[str, Any]:
    """Convert a forest to JSON."""
    trees = [[list(tree.features), list(tree.thresholds), list(tree.leaves)] for tree in forest.trees]
    return {"names": list(forest.feature_names), "start": forest.bias, "trees": trees}


def unpack_forest(packed: Mapping[str, Any]) -> Forest:
    """Read a forest from JSON."""
    trees = tuple(Tree(tuple(f), tuple(b), tuple(leaves)) for f, b, leaves in packed["trees"])
    return Forest(tuple(packed["names"]), float(packed["start"]), trees)
