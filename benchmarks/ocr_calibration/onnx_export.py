"""Conversion of LightGBM's trees to an ONNX model that returns calibrated probabilities.

Converters to ONNX store bounds and leaves in 32 bits, so that a value next to a bound may reach another leaf. Here they
keep their 64 bits: the model computes what LightGBM does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

_OPSETS = (helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5))
_IR_VERSION = 10
_SUM, _AT_MOST = 1, 0  # numbers of the aggregation and of the comparison in the operator's definition


def export_forest(forest: lightgbm.Booster, slope: float, shift: float) -> bytes:
    """Return an ONNX model of the probability whose log odds are `slope` times the forest's value, plus `shift`.

    It takes rows of 64-bit features; the metadata entry `features` has their names in order, as JSON.
    """
    dump = forest.dump_model()
    graph = helper.make_graph(
        [
            _trees_of(dump),
            helper.make_node("Mul", ["value", "slope"], ["scaled"]),
            helper.make_node("Add", ["scaled", "shift"], ["log_odds"]),
            helper.make_node("Sigmoid", ["log_odds"], ["probability"]),
        ],
        "word_confidence",
        [helper.make_tensor_value_info("features", TensorProto.DOUBLE, [None, len(dump["feature_names"])])],
        [helper.make_tensor_value_info("probability", TensorProto.DOUBLE, [None, 1])],
        [_numbers("slope", [slope]), _numbers("shift", [shift])],
    )
    model: ModelProto = helper.make_model(
        graph, opset_imports=_OPSETS, ir_version=_IR_VERSION, producer_name="refinery"
    )
    helper.set_model_props(model, {"features": json.dumps(dump["feature_names"])})
    checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


@dataclass(slots=True)
class TreeArrays:
    """Nodes and leaves of all trees, in the arrays of the operator TreeEnsemble."""

    roots: list[int] = field(default_factory=list)
    features: list[int] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    children: dict[str, list[tuple[int, bool]]] = field(default_factory=lambda: {"left": [], "right": []})
    leaves: list[float] = field(default_factory=list)

    def add_tree(self, root: Mapping[str, Any]) -> None:
        """Add a tree; one without any split becomes a node with the same leaf on both sides."""
        if "split_feature" not in root:
            root = {"split_feature": 0, "threshold": 0.0, "left_child": root, "right_child": root}
        self.roots.append(self._add(root)[0])

    def _add(self, node: Mapping[str, Any]) -> tuple[int, bool]:
        """Add a node with all below it; return its index, and whether it is a leaf."""
        if "split_feature" not in node:
            self.leaves.append(node["leaf_value"])
            return len(self.leaves) - 1, True
        at = len(self.features)
        self.features.append(node["split_feature"])
        self.bounds.append(node["threshold"])
        for found in self.children.values():
            found.append((0, False))  # keeps the place while the nodes below are added
        for side, found in self.children.items():
            found[at] = self._add(node[f"{side}_child"])
        return at, False


def _trees_of(dump: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a node of ONNX
    trees = TreeArrays()
    for tree in dump["tree_info"]:
        trees.add_tree(tree["tree_structure"])
    left, right = trees.children["left"], trees.children["right"]
    return helper.make_node(
        "TreeEnsemble",
        ["features"],
        ["value"],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function=_SUM,
        tree_roots=trees.roots,
        nodes_featureids=trees.features,
        nodes_splits=_numbers("bounds", trees.bounds),
        nodes_modes=numpy_helper.from_array(np.full(len(trees.features), _AT_MOST, dtype=np.uint8), "modes"),
        nodes_truenodeids=[at for at, _ in left],
        nodes_trueleafs=[int(is_leaf) for _, is_leaf in left],
        nodes_falsenodeids=[at for at, _ in right],
        nodes_falseleafs=[int(is_leaf) for _, is_leaf in right],
        leaf_targetids=[0] * len(trees.leaves),
        leaf_weights=_numbers("leaves", trees.leaves),
    )


def _numbers(name: str, values: list[float]) -> TensorProto:
    return numpy_helper.from_array(np.array(values, dtype=np.float64), name)
