"""Boosted trees for chances: each tree mends what those before it got wrong (Newton steps of the log loss)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from benchmarks.ocr_calibration.logistic import Floats
from ingestion.domain.ocr.forest import Forest, Tree

Bins = npt.NDArray[np.intp]

_DECIMALS = 4
_TAILS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02)  # words read worst are few, and matter most
_ROUNDS = 40
_LEAST_WEIGHT = 1e-3  # a leaf that nobody fell in takes the value of those beside it


@dataclass(frozen=True, slots=True)
class Growth:
    """How a forest is grown: its trees, the questions of each, and what keeps it from learning by heart.

    `shrink` is added to each leaf's curvature, `rows` and `columns` are the shares drawn for each tree. Raising a
    feature of `rising` never lowers the forest's value, raising one of `falling` never raises it: what lies far
    from all examples is judged by the sense of things, not by whatever leaf it happens to fall in.
    """

    trees: int = 160
    depth: int = 5
    rate: float = 0.1
    shrink: float = 12.0
    rows: float = 0.7
    columns: float = 0.4
    bins: int = 32
    seed: int = 7
    rising: frozenset[str] = frozenset()
    falling: frozenset[str] = frozenset()

    def sense(self, name: str) -> int:
        """Give 1 for a feature that may only raise the value, -1 for one that may only lower it, else 0."""
        return (name in self.rising) - (name in self.falling)


def grow(features: Floats, right: Floats, names: tuple[str, ...], growth: Growth) -> Forest:
    """Fit a forest whose value is the log odds of being right; `right` may hold shares between 0 and 1."""
    random = np.random.default_rng(growth.seed)
    bounds = [_bounds(column, growth.bins) for column in features.T]
    bins = np.column_stack(
        [np.searchsorted(edges, column) for edges, column in zip(bounds, features.T, strict=True)]
    )
    mean = float(right.mean())
    start = float(np.log(mean / (1 - mean)))
    value, trees = np.full(len(right), start), []
    senses = [growth.sense(name) for name in names]
    asked = [index for index, edges in enumerate(bounds) if len(edges)]
    for _ in range(growth.trees):
        chance = 1 / (1 + np.exp(-value))
        drawn = random.random(len(right)) < growth.rows
        columns = random.permutation(asked)[: max(1, round(growth.columns * len(asked)))]
        slope, curve = np.where(drawn, right - chance, 0.0), np.where(drawn, chance * (1 - chance), 0.0)
        questions, leaf = _questions(bins, slope, curve, columns, senses, growth)
        leaves = _leaves(leaf, slope, curve, [senses[feature] for feature, _ in questions], growth)
        value += leaves[leaf]
        trees.append(Tree(
            tuple(feature for feature, _ in questions),
            tuple(round(float(bounds[feature][cut]), _DECIMALS + 1) for feature, cut in questions),
            tuple(round(float(each), _DECIMALS) for each in leaves),
        ))  # fmt: skip
    return Forest(names, round(start, _DECIMALS), tuple(trees))


def walk(forest: Forest, features: Floats) -> Floats:
    """Give the forest's value for each row; columns in the order of its names."""
    value = np.full(len(features), forest.start)
    for tree in forest.trees:
        leaf = np.zeros(len(features), dtype=np.intp)
        for feature, bound in zip(tree.features, tree.bounds, strict=True):
            leaf = 2 * leaf + (features[:, feature] > bound)
        value += np.array(tree.leaves)[leaf]
    return value


def scaled(forest: Forest, slope: float, shift: float) -> Forest:
    """Give the forest whose value is `slope` times that of this one, plus `shift`."""
    trees = [
        replace(tree, leaves=tuple(round(slope * leaf, _DECIMALS) for leaf in tree.leaves))
        for tree in forest.trees
    ]
    return replace(forest, start=round(slope * forest.start + shift, _DECIMALS), trees=tuple(trees))


def _bounds(column: Floats, bins: int) -> Floats:
    """Give bounds between values that occur, each as full as the others where values allow, finer at the ends."""
    seen = np.unique(column)
    if len(seen) > bins:
        shares = np.unique([*np.linspace(0, 1, bins + 1), *_TAILS, *(1 - np.array(_TAILS))])
        seen = np.unique(np.quantile(column, shares, method="nearest"))
    return np.asarray(np.round((seen[1:] + seen[:-1]) / 2, _DECIMALS + 1), dtype=np.float64)


def _questions(
    bins: Bins,
    slope: Floats,
    curve: Floats,
    columns: npt.NDArray[np.intp],
    senses: Sequence[int],
    growth: Growth,
) -> tuple[list[tuple[int, int]], npt.NDArray[np.intp]]:
    """Choose the questions level by level, each the one that helps all leaves together most."""
    leaf = np.zeros(len(slope), dtype=np.intp)
    questions: list[tuple[int, int]] = []
    for level in range(growth.depth):
        gains = [
            _best(bins[:, column], leaf, 2**level, slope, curve, senses[column], growth) for column in columns
        ]
        at = max(range(len(columns)), key=lambda index: gains[index][0])
        feature, cut = int(columns[at]), gains[at][1]
        questions.append((feature, cut))
        leaf = 2 * leaf + (bins[:, feature] > cut)
    return questions, leaf


def _best(
    column: Bins,
    leaf: npt.NDArray[np.intp],
    leaves: int,
    slope: Floats,
    curve: Floats,
    sense: int,
    growth: Growth,
) -> tuple[float, int]:
    """Give the gain of a feature's best bound, and its number; parting against its sense gains nothing."""
    wide = int(column.max()) + 1
    place = leaf * wide + column
    down = np.bincount(place, slope, leaves * wide).reshape(leaves, wide).cumsum(axis=1)
    bent = np.bincount(place, curve, leaves * wide).reshape(leaves, wide).cumsum(axis=1)
    if wide == 1:
        return -np.inf, 0
    low, high = down[:, :-1], down[:, -1:] - down[:, :-1]
    under, over = bent[:, :-1] + growth.shrink, bent[:, -1:] - bent[:, :-1] + growth.shrink
    whole = np.square(down[:, -1:]) / (bent[:, -1:] + growth.shrink)
    parted = np.square(low) / under + np.square(high) / over
    gain = np.where(sense * (high / over - low / under) < 0, whole, parted).sum(axis=0)
    return float(gain.max()), int(gain.argmax())


def _leaves(
    leaf: npt.NDArray[np.intp], slope: Floats, curve: Floats, senses: Sequence[int], growth: Growth
) -> Floats:
    """Give each leaf's step; `senses` are those of the questions."""
    count = 2 ** len(senses)
    bent = np.bincount(leaf, curve, count).astype(np.float64)
    step = np.bincount(leaf, slope, count) / (bent + growth.shrink)
    return np.asarray(growth.rate * in_order(step, bent, senses), dtype=np.float64)


def in_order(leaves: Floats, weight: Floats, senses: Sequence[int]) -> Floats:
    """Set leaves right that rise or fall against the sense of a question: such pairs get their common mean.

    One pair set right may set another wrong: all are gone over several times, and what is left takes the higher.
    """
    cube, heavy = leaves.reshape((2,) * len(senses)).copy(), weight.reshape((2,) * len(senses)) + _LEAST_WEIGHT
    for _ in range(_ROUNDS):
        for axis, sense in enumerate(senses):
            low, high = np.take(cube, 0, axis), np.take(cube, 1, axis)
            one, other = np.take(heavy, 0, axis), np.take(heavy, 1, axis)
            common = (one * low + other * high) / (one + other)
            wrong = sense * (high - low) < 0
            cube = np.stack([np.where(wrong, common, low), np.where(wrong, common, high)], axis)
    for axis, sense in enumerate(senses):
        low, high = np.take(cube, 0, axis), np.take(cube, 1, axis)
        top = np.maximum(low, high)
        cube = np.stack([top if sense < 0 else low, top if sense > 0 else high], axis)
    return np.asarray(cube.reshape(-1), dtype=np.float64)
