"""Accuracy of extracted fields on real receipts, real e-invoices and the project's own samples.

    python -m benchmarks.fields --corpus DIR [--samples DIR] [--half test] [--limit N]

`DIR/sroie` contains receipts (ID.jpg with ID.json: fields, lines), `DIR/zugferd` PDFs that embed their truth as XML
(measured with the page only, with the XML, and with deliberately altered totals), `--samples` is a folder written by
`python -m samples`. Pages are read by the program's own reader; `--words printed` uses the words of the receipts'
truth instead, which measures the rules without OCR. Rules were tuned on the half `tune` of the receipts (a hash of the
ID decides): report the half `test`.
"""

import argparse
import os
import platform
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.einvoices import DifferenceCounts, invoice_in
from benchmarks.field_truths import BenchmarkCase, e_invoices, own_samples, receipts
from benchmarks.readings import Readings
from ingestion.domain.einvoice.mapping import map_einvoice
from ingestion.domain.extraction import date_order_of, extract_fields
from ingestion.domain.extraction.classification import classify
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.normalize import DateOrder
from ingestion.domain.normalize.comparison import same_value
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas import BUILT_IN_SCHEMAS, built_in_schema
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec

RESAMPLES = 2000
XML = "e-invoice (ZUGFeRD, with its XML)"


@dataclass(frozen=True, slots=True)
class FieldResult:
    """Result of one document: correctness and confidence of its fields, and the time."""

    kind: str
    right: dict[str, bool]
    confidence: dict[str, float]
    milliseconds: float
    classified: bool


def evaluate_case(case: BenchmarkCase, pages: tuple[PageReading, ...]) -> FieldResult:
    """Extract a document's fields and compare them with its truth."""
    schema = built_in_schema(case.schema)
    started = time.process_time()
    doc = build_document_rows(pages)
    found = extract_fields(doc, schema)
    spent = (time.process_time() - started) * 1000
    classified = classify(doc, BUILT_IN_SCHEMAS).key == case.schema
    return _result(case.kind, case.truth, schema, found, date_order_of(pages), spent, classified=classified)


def evaluate_xml_case(case: BenchmarkCase, pages: tuple[PageReading, ...], counts: DifferenceCounts) -> FieldResult:
    """Extract an e-invoice's fields from its XML as the program does, and count the differences of its page."""
    schema, invoice = built_in_schema(case.schema), invoice_in(case.path)
    doc = build_document_rows(pages)
    read = extract_fields(doc, schema)
    started = time.process_time()
    found = map_einvoice(invoice, doc, schema, read).fields
    spent = (time.process_time() - started) * 1000
    counts.count_document(invoice, pages, schema, printed=frozenset(case.truth))
    return _result(XML, case.xml_values, schema, found, date_order_of(pages), spent, classified=True)


def _result(
    kind: str,
    truth: dict[str, str],
    schema: SchemaSpec,
    found: tuple[ExtractedField, ...],
    order: DateOrder,
    spent: float,
    *,
    classified: bool,
) -> FieldResult:
    def is_right(field: ExtractedField) -> bool:
        return same_value(schema.spec(field.name).kind, truth[field.name], field.normalized, order=order)

    scored = [field for field in found if field.name in truth]
    return FieldResult(
        kind=kind,
        right={field.name: is_right(field) for field in scored},
        confidence={field.name: field.confidence for field in scored},
        milliseconds=spent,
        classified=classified,
    )


def interval(outcomes: list[bool]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a share."""
    rng = Random(2024)  # noqa: S311 - a fixed stream, so that two runs agree
    shares = sorted(sum(rng.choices(outcomes, k=len(outcomes))) / len(outcomes) for _ in range(RESAMPLES))
    return shares[int(0.025 * RESAMPLES)], shares[int(0.975 * RESAMPLES)]


def _row(name: str, outcomes: list[bool], confidences: list[float] | None = None) -> str:
    low, high = interval(outcomes)
    mean = f"{sum(confidences) / len(confidences):.3f}" if confidences else ""
    return f"| {name} | {len(outcomes)} | {sum(outcomes) / len(outcomes):.3f} | {low:.3f} to {high:.3f} | {mean} |"


def table(kind: str, results: list[FieldResult]) -> Iterator[str]:
    """Yield the lines of one kind's table."""
    yield f"\n### {kind} ({len(results)} documents)\n"
    yield "| field | n | exact | 95 % interval | mean confidence |"
    yield "| --- | --- | --- | --- | --- |"
    names = list(dict.fromkeys(name for result in results for name in result.right))
    for name in names:
        present = [result for result in results if name in result.right]
        yield _row(name, [result.right[name] for result in present], [result.confidence[name] for result in present])
    yield _row("all of them", [all(result.right.values()) for result in results])
    yield _row("class recognised", [result.classified for result in results])
    spent = sorted(result.milliseconds for result in results)
    yield f"\nFinding the fields: median {spent[len(spent) // 2]:.1f} ms of CPU a document."


def _cases(options: argparse.Namespace) -> Iterable[BenchmarkCase]:
    if options.corpus:
        yield from receipts(options.corpus / "sroie", options.half, options.limit, printed=options.words == "printed")
        yield from e_invoices(options.corpus / "zugferd")
    if options.samples:
        yield from own_samples(options.samples)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How often each field is found exactly.")
    parser.add_argument("--corpus", type=Path, help="folder with sroie/ and zugferd/")
    parser.add_argument("--samples", type=Path, help="folder written by python -m samples")
    parser.add_argument("--half", choices=("test", "tune", "all"), default="test", help="of the receipts (test)")
    parser.add_argument("--limit", type=int, default=0, help="receipts at most, in the order of their hash (all)")
    parser.add_argument("--words", choices=("read", "printed"), default="read", help="read the scans, or trust truth")
    parser.add_argument("--cache", type=Path, help="folder that keeps readings between runs")
    return parser.parse_args()


def main() -> int:
    """Measure, print and return the exit status."""
    options = _options()
    by_kind: dict[str, list[FieldResult]] = defaultdict(list)
    alarms = DifferenceCounts()
    with Readings(options.cache) as readings:
        for case in _cases(options):
            pages = case.pages or readings.of(case.path)
            by_kind[case.kind].append(evaluate_case(case, pages))
            if case.xml_values:
                by_kind[XML].append(evaluate_xml_case(case, pages, alarms))
    if not by_kind:
        sys.stderr.write("Name a folder with documents by --corpus or --samples.\n")
        return 2
    machine = f"{platform.machine()}, {platform.system()}, {os.cpu_count()} cores"
    print(f"Machine: {machine}, Python {platform.python_version()}")
    print(f"Command: python -m benchmarks.fields {' '.join(sys.argv[1:])}")
    for kind, results in by_kind.items():
        print("\n".join(table(kind, results)))
    if alarms.documents:
        print("\n".join(alarms.lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
