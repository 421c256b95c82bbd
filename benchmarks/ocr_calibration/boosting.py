"""Boosted trees for probabilities: each tree corrects the previous ones (Newton steps of the log loss)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from benchmarks.ocr_calibration.logistic import Floats
from ingestion.domain.ocr.forest import Forest, Tree

Bins = npt.NDArray[np.intp]

_DECIMALS = 4
_TAILS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02)  # the worst-read words are few, and matter most
_ROUNDS = 40
_LEAST_WEIGHT = 1e-3  # an empty leaf takes the value of its neighbour


@dataclass(frozen=True, slots=True)
class BoostingParameters:
    """Parameters of a forest: its trees, the splits of each, and regularisation.

    `shrink` is added to each leaf's curvature, `rows` and `columns` are the shares drawn for each tree. Raising a
    feature of `increasing` never lowers the forest's value, raising one of `decreasing` never raises it: so values
    far from all examples follow the expected direction, not an arbitrary leaf.
    """

    trees: int = 160
    depth: int = 5
    rate: float = 0.1
    shrink: float = 12.0
    rows: float = 0.7
    columns: float = 0.4
    bins: int = 32
    seed: int = 7
    increasing: frozenset[str] = frozenset()
    decreasing: frozenset[str] = frozenset()

    def monotonic_sign(self, name: str) -> int:
        """Return 1 for a feature that may only raise the value, -1 for one that may only lower it, else 0."""
        return (name in self.increasing) - (name in self.decreasing)


def grow_forest(features: Floats, right: Floats, names: tuple[str, ...], growth: BoostingParameters) -> Forest:
    """Fit a forest whose value is the log odds of being right; `right` may contain shares between 0 and 1."""
    random = np.random.default_rng(growth.seed)
    bounds = [_bounds(column, growth.bins) for column in features.T]
    bins = np.column_stack([np.searchsorted(edges, column) for edges, column in zip(bounds, features.T, strict=True)])
    mean = float(right.mean())
    start = float(np.log(mean / (1 - mean)))
    value, trees = np.full(len(right), start), []
    signs = [growth.monotonic_sign(name) for name in names]
    usable = [index for index, edges in enumerate(bounds) if len(edges)]
    for _ in range(growth.trees):
        chance = 1 / (1 + np.exp(-value))
        drawn = random.random(len(right)) < growth.rows
        columns = random.permutation(usable)[: max(1, round(growth.columns * len(usable)))]
        slope, curve = np.where(drawn, right - chance, 0.0), np.where(drawn, chance * (1 - chance), 0.0)
        splits, leaf = _choose_splits(bins, slope, curve, columns, signs, growth)
        leaves = _leaf_steps(leaf, slope, curve, [signs[feature] for feature, _ in splits], growth)
        value += leaves[leaf]
        trees.append(
            Tree(
                tuple(feature for feature, _ in splits),
                tuple(round(float(bounds[feature][cut]), _DECIMALS + 1) for feature, cut in splits),
                tuple(round(float(each), _DECIMALS) for each in leaves),
            )
        )
    return Forest(names, round(start, _DECIMALS), tuple(trees))


def forest_log_odds(forest: Forest, features: Floats) -> Floats:
    """Return the forest's value for each row; columns in the order of its names."""
    value = np.full(len(features), forest.bias)
    for tree in forest.trees:
        leaf = np.zeros(len(features), dtype=np.intp)
        for feature, bound in zip(tree.features, tree.thresholds, strict=True):
            leaf = 2 * leaf + (features[:, feature] > bound)
        value += np.array(tree.leaves)[leaf]
    return value


def scale_forest(forest: Forest, slope: float, shift: float) -> Forest:
    """Return the forest whose value is `slope` times that of this one, plus `shift`."""
    trees = [
        replace(tree, leaves=tuple(round(slope * leaf, _DECIMALS) for leaf in tree.leaves)) for tree in forest.trees
    ]
    return replace(forest, bias=round(slope * forest.bias + shift, _DECIMALS), trees=tuple(trees))


def _bounds(column: Floats, bins: int) -> Floats:
    """Return bin edges between occurring values, of equal counts where possible, finer at the ends."""
    seen = np.unique(column)
    if len(seen) > bins:
        shares = np.unique([*np.linspace(0, 1, bins + 1), *_TAILS, *(1 - np.array(_TAILS))])
        seen = np.unique(np.quantile(column, shares, method="nearest"))
    return np.asarray(np.round((seen[1:] + seen[:-1]) / 2, _DECIMALS + 1), dtype=np.float64)


def _choose_splits(
    bins: Bins,
    slope: Floats,
    curve: Floats,
    columns: npt.NDArray[np.intp],
    signs: Sequence[int],
    growth: BoostingParameters,
) -> tuple[list[tuple[int, int]], npt.NDArray[np.intp]]:
    """Choose the splits level by level, each with the largest gain over all leaves together."""
    leaf = np.zeros(len(slope), dtype=np.intp)
    splits: list[tuple[int, int]] = []
    for level in range(growth.depth):
        gains = [_best(bins[:, column], leaf, 2**level, slope, curve, signs[column], growth) for column in columns]
        at = max(range(len(columns)), key=lambda index: gains[index][0])
        feature, cut = int(columns[at]), gains[at][1]
        splits.append((feature, cut))
        leaf = 2 * leaf + (bins[:, feature] > cut)
    return splits, leaf


def _best(
    column: Bins,
    leaf: npt.NDArray[np.intp],
    leaves: int,
    slope: Floats,
    curve: Floats,
    sign: int,
    growth: BoostingParameters,
) -> tuple[float, int]:
    """Return the gain of a feature's best threshold, and its index; a split against its sign has no gain."""
    wide = int(column.max()) + 1
    place = leaf * wide + column
    down = np.bincount(place, slope, leaves * wide).reshape(leaves, wide).cumsum(axis=1)
    bent = np.bincount(place, curve, leaves * wide).reshape(leaves, wide).cumsum(axis=1)
    if wide == 1:
        return -np.inf, 0
    low, high = down[:, :-1], down[:, -1:] - down[:, :-1]
    under, over = bent[:, :-1] + growth.shrink, bent[:, -1:] - bent[:, :-1] + growth.shrink
    whole = np.square(down[:, -1:]) / (bent[:, -1:] + growth.shrink)
    split = np.square(low) / under + np.square(high) / over
    gain = np.where(sign * (high / over - low / under) < 0, whole, split).sum(axis=0)
    return float(gain.max()), int(gain.argmax())


def _leaf_steps(
    leaf: npt.NDArray[np.intp], slope: Floats, curve: Floats, signs: Sequence[int], growth: BoostingParameters
) -> Floats:
    """Return each leaf's step; `signs` are those of the splits."""
    count = 2 ** len(signs)
    bent = np.bincount(leaf, curve, count).astype(np.float64)
    step = np.bincount(leaf, slope, count) / (bent + growth.shrink)
    return np.asarray(growth.rate * enforce_monotonic(step, bent, signs), dtype=np.float64)


def enforce_monotonic(leaves: Floats, weight: Floats, signs: Sequence[int]) -> Floats:
    """Correct leaves that rise or fall against the sign of a split: such pairs get their weighted mean.

    Correcting one pair may violate another: all are processed several times; remaining violations get the maximum.
    """
    cube, heavy = leaves.reshape((2,) * len(signs)).copy(), weight.reshape((2,) * len(signs)) + _LEAST_WEIGHT
    for _ in range(_ROUNDS):
        for axis, sense in enumerate(signs):
            low, high = np.take(cube, 0, axis), np.take(cube, 1, axis)
            one, other = np.take(heavy, 0, axis), np.take(heavy, 1, axis)
            common = (one * low + other * high) / (one + other)
            wrong = sense * (high - low) < 0
            cube = np.stack([np.where(wrong, common, low), np.where(wrong, common, high)], axis)
    for axis, sense in enumerate(signs):
        low, high = np.take(cube, 0, axis), np.take(cube, 1, axis)
        top = np.maximum(low, high)
        cube = np.stack([top if sense < 0 else low, top if sense > 0 else high], axis)
    return np.asarray(cube.reshape(-1), dtype=np.float64)
