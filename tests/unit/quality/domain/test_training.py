"""Data sets from labels: one label per field, one pool per family, the same hash for the same data."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quality.domain.features import bucket, fit_scaling, logit
from quality.domain.pools import SHARES, Pool, business_key, family_of, pool_of
from quality.domain.training import LabelKind, build_dataset
from tests.support.training_examples import make_examples


def test_build_dataset_assigns_each_family_to_one_pool_by_share() -> None:
    dataset = build_dataset(make_examples(2000, senders=800))
    pools = {pool: {each.family for each in getattr(dataset, pool)} for pool in Pool}
    assert not pools[Pool.TRAIN] & pools[Pool.AUDIT]
    assert not pools[Pool.TRAIN] & pools[Pool.CALIBRATE]
    for pool, share in SHARES:
        assert len(getattr(dataset, pool)) / len(dataset) == pytest.approx(share, abs=0.06)
    assert pool_of("a family") is pool_of("a family")


def test_build_dataset_uses_latest_label_of_a_field() -> None:
    first = make_examples(1)[0]
    later = replace(first, id="zz", kind=LabelKind.CORRECTED, created_at=first.created_at + timedelta(hours=1))
    dataset = build_dataset([later, first])
    assert len(dataset) == 1
    assert (dataset.train + dataset.calibrate + dataset.audit)[0].kind is LabelKind.CORRECTED


def test_dataset_hash_is_independent_of_order() -> None:
    examples = make_examples(20)
    one = build_dataset(examples)
    assert build_dataset(reversed(examples)).sha256 == one.sha256
    changed = [replace(examples[0], confidence=0.123), *examples[1:]]
    assert build_dataset(changed).sha256 != one.sha256


def test_family_is_sender_else_person_else_file() -> None:
    acme = family_of("invoice", {"supplier": "Acme Ltd."}, "hash")
    assert acme == family_of("invoice", {"supplier": "ACME LTD", "total": "9.00"}, "other")
    assert acme != family_of("receipt", {"supplier": "Acme Ltd."}, "hash")
    assert "acme" not in acme
    assert family_of("note", {}, "hash") == "hash"


def test_business_key_is_number_else_person() -> None:
    assert business_key("invoice", {"invoice_number": "R-118 / 4"}) == "invoice:r1184"
    assert business_key("lab_report", {"patient_id": "P 7", "patient": "Ida"}) == "lab_report:p7"
    assert business_key("receipt", {"total": "9.00"}) == ""


def test_scaling_selects_by_name_and_accepts_missing_features() -> None:
    scaling = fit_scaling([{"a": 1.0, "b": 2.0, "same": 5.0}, {"a": 3.0, "b": 2.5, "same": 5.0}])
    assert scaling.names == ("a", "b")
    assert scaling.vector({"a": 2.0, "unknown": 9.0}) == [0.0, 0.0]
    assert scaling.vector({"a": 3.0, "b": float("inf")}) == [1.0, 0.0]
    assert scaling.vector({"a": 1e12})[0] == 8.0


def test_logit_is_clipped_and_bucket_is_stable() -> None:
    assert logit(1.0) == pytest.approx(-logit(0.0))
    assert logit(0.5) == 0.0
    assert bucket(("invoice", "total"), 128) == bucket(("invoice", "total"), 128)
