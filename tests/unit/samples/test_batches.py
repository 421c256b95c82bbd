"""The same seed produces the same bytes: separately, in a batch, in another process, by the command."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from samples.__main__ import main
from samples.demonstration import DEMONSTRATION_SEED
from samples.flaws import FLAWS
from samples.generate import demonstration_set, make_document, make_samples
from samples.plans import batch_plans
from samples.sample import Sample
from samples.schemas import KINDS

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def demo_samples() -> list[Sample]:
    """Return the demonstration set."""
    return demonstration_set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scan", [False, True])
def test_make_document_same_arguments_give_same_bytes(kind: str, *, scan: bool) -> None:
    first, second = (make_document(kind, seed=61, index=2, scan=scan) for _ in range(2))
    assert first == second
    assert make_document(kind, seed=61, index=3, scan=scan).content != first.content
    assert make_document(kind, seed=62, index=2, scan=scan).content != first.content


def test_make_samples_parallel_jobs_give_same_samples() -> None:
    plans = batch_plans(63, 6, kinds=["receipt", "identity_document"])
    assert list(make_samples(plans, jobs=2)) == list(make_samples(plans))


def test_batch_plans_are_independent_of_count() -> None:
    assert batch_plans(64, 400)[:150] == batch_plans(64, 150)


def test_batch_plans_have_requested_shares() -> None:
    plans = batch_plans(65, 1500, scans=0.25, flaws=0.4)
    assert sum(plan.scan for plan in plans) / 1500 == pytest.approx(0.25, abs=0.04)
    assert sum(bool(plan.flaws) for plan in plans) / 1500 == pytest.approx(0.4, abs=0.05)
    assert {flaw for plan in plans for flaw in plan.flaws} == {flaw for flaws in FLAWS.values() for flaw in flaws}
    assert not any(plan.scan or plan.flaws for plan in batch_plans(65, 200, scans=0, flaws=0))
    assert {plan.kind for plan in batch_plans(65, 60, kinds=["receipt"])} == {"receipt"}


def test_batch_plans_names_are_unique_and_originals_come_first() -> None:
    plans = batch_plans(66, 800, flaws=0.6)
    names = [plan.name for plan in plans]
    assert len(set(names)) == len(names)
    originals = [(names.index(plan.name), plan.original) for plan in plans if plan.original]
    assert originals
    assert all(original in names[:place] for place, original in originals)
    assert max(Counter(original for _, original in originals).values()) == 1


def test_demonstration_set_covers_every_kind_source_and_flaw(demo_samples: list[Sample]) -> None:
    assert {(sample.truth["schema"], sample.truth["source"]) for sample in demo_samples} == {
        (kind, source) for kind in KINDS for source in ("digital", "scan")
    }
    flaws = Counter(flaw for sample in demo_samples for flaw in sample.truth["flaws"])  # type: ignore[attr-defined]
    assert flaws == dict.fromkeys(
        (
            "total_mismatch",
            "impossible_date",
            "unknown_icd_code",
            "mrz_check_digit",
            "exact_duplicate",
            "newer_version",
            "contradiction",
            "einvoice_differs",
        ),
        1,
    )


def test_demonstration_set_relations_refer_to_earlier_documents(demo_samples: list[Sample]) -> None:
    seen: dict[str, Sample] = {}
    for sample in demo_samples:
        for relation in ("duplicate_of", "supersedes", "contradicts"):
            original = sample.truth[relation]
            assert original is None or original in seen
        seen[sample.name] = sample
    copy = next(sample for sample in demo_samples if sample.truth["duplicate_of"])
    assert copy.content == seen[str(copy.truth["duplicate_of"])].content


@pytest.mark.parametrize("other", ["Prescott", "Haswell"])
def test_command_demo_is_identical_in_another_process(demo_samples: list[Sample], tmp_path: Path, other: str) -> None:
    """Independent of set order and of the processor that the matrix library detects."""
    subprocess.run(
        [sys.executable, "-m", "samples", "--demo", "--out", str(tmp_path)],
        cwd=ROOT,
        check=True,
        env={"PYTHONHASHSEED": "7", "OPENBLAS_CORETYPE": other},
        capture_output=True,
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        name for sample in demo_samples for name in (sample.filename, f"{sample.name}.json")
    )
    for sample in demo_samples:
        assert (tmp_path / sample.filename).read_bytes() == sample.content
        written = json.loads((tmp_path / f"{sample.name}.json").read_text(encoding="utf-8"))
        assert written == json.loads(json.dumps(sample.truth))
        assert written["seed"] == DEMONSTRATION_SEED


def test_command_writes_a_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"
    assert main(["--out", str(out), "--count", "3", "--seed", "5", "--kinds", "receipt", "--scans", "0"]) == 0
    assert len(list(out.glob("receipt-*.pdf"))) == len(list(out.glob("receipt-*.json"))) == 3
    assert "3 documents" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["--kinds", "poem"], ["--count", "0"], ["--scans", "1.5"], ["--flaws", "-1"], ["--jobs", "0"]]
)
def test_command_invalid_arguments_are_refused_with_reason(
    wrong: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--out", str(tmp_path), *wrong])
    assert refused.value.code == 2
    assert wrong[0] in capsys.readouterr().err
