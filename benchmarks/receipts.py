"""Real receipts through the running program: `REFINERY_CORPUS=DIR python -m benchmarks.receipts [--count 50]`.

`DIR/sroie` contains ID.jpg with ID.json (its `fields` are the truth as printed). Each receipt is uploaded by REST
without its type, in sequence, and its fields are requested as soon as the router has decided. The receipts are of the
half that no rule was tuned on (benchmarks.ocr_calibration.receipts.corpus_half).
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks.client import Client
from benchmarks.field_truths import BenchmarkCase, receipts
from benchmarks.figures import interval, spread, table
from benchmarks.running import RunningProgram, running_program
from ingestion.domain.normalize.comparison import same_value
from ingestion.domain.schemas import built_in_schema

FIELDS = ("company", "date", "address", "total")
RECEIPT = built_in_schema("receipt")


@dataclass(frozen=True, slots=True)
class ReceiptOutcome:
    """Result of one receipt: its detected type, which fields are right, seconds from upload to decision."""

    name: str
    schema: str
    decision: str
    seconds: float
    right: dict[str, bool] = field(default_factory=dict)

    @property
    def all_right(self) -> bool:
        """Return whether all four fields are right."""
        return all(self.right.values())


def process_receipt(client: Client, case: BenchmarkCase, schema: str) -> ReceiptOutcome:
    """Upload one receipt and compare the result."""
    began = time.perf_counter()
    values = {"schema": schema} if schema else {}
    document = client.upload(case.path.name, case.path.read_bytes(), "image/jpeg", **values).body["id"]
    status = client.await_decision(document)
    seconds = time.perf_counter() - began
    found = {row["name"]: row["normalized"] for row in client.get(f"/v1/documents/{document}/fields").body}
    taken_for = client.get(f"/v1/documents/{document}").body["schema"]
    right = {name: same_value(RECEIPT.spec(name).kind, case.truth[name], found.get(name, "")) for name in FIELDS}
    return ReceiptOutcome(case.path.stem, taken_for, status["decision"] or status["status"], seconds, right)


def report(outcomes: Sequence[ReceiptOutcome]) -> Iterator[str]:
    """Yield the tables."""
    rows = {name: [one.right[name] for one in outcomes] for name in FIELDS}
    rows |= {
        "**all four**": [one.all_right for one in outcomes],
        "classified as a receipt": [one.schema == "receipt" for one in outcomes],
    }
    yield table(
        ("field", "right", "of", "share", "95 % interval"),
        (
            (name, sum(right), len(right), f"{sum(right) / len(right):.2f}", _range(right))
            for name, right in rows.items()
        ),
    )
    took = spread(one.seconds for one in outcomes)
    yield (
        f"\nSeconds from upload to decision, one receipt at a time: p50 {took.p50:.1f}, p95 {took.p95:.1f}, "
        f"slowest {took.most:.1f}."
    )
    yield "\n<details><summary>Each receipt</summary>\n"
    yield table(
        ("receipt", "taken for", "decision", "seconds", "wrong"),
        (
            (
                one.name,
                one.schema or "unknown",
                one.decision,
                f"{one.seconds:.1f}",
                ", ".join(name for name in FIELDS if not one.right[name]),
            )
            for one in outcomes
        ),
    )
    yield "\n</details>"


def _range(right: Sequence[bool]) -> str:
    low, high = interval(right)
    return f"{low:.2f} to {high:.2f}"


def measure(program: RunningProgram, cases: Sequence[BenchmarkCase], schema: str) -> list[ReceiptOutcome]:
    """Process each receipt, the first one twice to warm up the reader."""
    client = Client(program.url, program.keys("operator")[0])
    warm = cases[0].path.read_bytes() + b"\0"  # other bytes, the same picture
    client.await_decision(client.upload("warm-up.jpg", warm, "image/jpeg").body["id"])
    return [process_receipt(client, case, schema) for case in cases]


def main() -> int:
    """Measure and print; return 2 without a corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS"), help="has sroie/")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--half", choices=("test", "tune", "all"), default="test")
    parser.add_argument("--schema", default="", help="declare their type (default: it is detected)")
    options = parser.parse_args()
    if options.corpus is None:
        sys.stderr.write("Name a folder with sroie/ by --corpus or REFINERY_CORPUS.\n")
        return 2
    chosen = list(islice(receipts(options.corpus / "sroie", options.half, 0, printed=False), options.count))
    with running_program() as program:
        outcomes = measure(program, chosen, options.schema)
    print(f"{len(outcomes)} scanned receipts of ICDAR 2019 SROIE (CC BY 4.0), those that no rule was tuned on.\n")
    print("\n".join(report(outcomes)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
