"""Boosted trees for probabilities, grown by LightGBM."""

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

from benchmarks.ocr_calibration.logistic import Floats


@dataclass(frozen=True, slots=True)
class BoostingParameters:
    """Parameters of a forest: its trees, the size of each, and regularisation.

    `shrink` is added to each leaf's curvature; `rows` is the share of the examples drawn for each tree, `columns` the
    share of the features. Raising a feature of `increasing` never lowers the forest's value, raising one of
    `decreasing` never raises it: so values far from all examples follow the expected direction.
    """

    trees: int = 220
    leaves: int = 31
    depth: int = 5
    rate: float = 0.06
    shrink: float = 12.0
    rows: float = 0.7
    columns: float = 0.4
    bins: int = 63
    leaf_examples: int = 100
    seed: int = 7
    increasing: frozenset[str] = frozenset()
    decreasing: frozenset[str] = frozenset()

    def monotonic_sign(self, name: str) -> int:
        """Return 1 for a feature that may only raise the value, -1 for one that may only lower it, else 0."""
        return (name in self.increasing) - (name in self.decreasing)

    def for_lightgbm(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Return LightGBM's parameters for features of these names; equal examples grow equal trees."""
        return {
            "objective": "binary",
            "num_leaves": self.leaves,
            "max_depth": self.depth,
            "learning_rate": self.rate,
            "lambda_l2": self.shrink,
            "min_data_in_leaf": self.leaf_examples,
            "bagging_fraction": self.rows,
            "bagging_freq": 1,
            "feature_fraction": self.columns,
            "max_bin": self.bins,
            "monotone_constraints": [self.monotonic_sign(name) for name in names],
            "monotone_constraints_method": "advanced",
            "use_missing": False,  # features are finite
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }


def grow_forest(
    features: Floats, right: Floats, names: tuple[str, ...], growth: BoostingParameters
) -> lightgbm.Booster:
    """Fit a forest whose raw value is the log odds of being right."""
    parameters = growth.for_lightgbm(names)
    examples = lightgbm.Dataset(features, right, feature_name=list(names), params=parameters)
    return lightgbm.train(parameters, examples, growth.trees)


def forest_log_odds(forest: lightgbm.Booster, features: Floats) -> Floats:
    """Return the forest's value for each row; columns in the order of its names."""
    return np.asarray(forest.predict(features, raw_score=True), dtype=np.float64)
