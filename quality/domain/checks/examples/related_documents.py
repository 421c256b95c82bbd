"""Examples of related documents: each relation, and cases that are easily confused with it."""

from typing import Any

from quality.domain.checks.examples.builders import BILL, LETTER, document, fails, neighbour, passes, unknown
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet, Neighbour

PATIENT = {"patient": "Ida Berg", "patient_id": "P-77120", "date_of_birth": "1961-03-08"}
ALIKE: dict[str, Any] = {"text_similarity": 0.99, "number_similarity": 1.0}
SAME_FILE = neighbour(sha256="a" * 64, **ALIKE)
SCANNED_AGAIN = neighbour(text_similarity=0.96, number_similarity=0.97)
OTHER_TOTAL = neighbour({**BILL, "total": "1284.50"}, text_similarity=0.98, number_similarity=0.9)
NEXT_MONTH = neighbour(
    {**BILL, "invoice_number": "HP-2025-0119", "invoice_date": "2025-05-13", "due_date": "2025-06-13"},
    text_similarity=0.97,
    number_similarity=0.8,
)
MISREAD_NUMBER = neighbour({**BILL, "invoice_number": "HP-2025-O118"}, **ALIKE)


def _with_neighbours(*others: Neighbour, **changes: Any) -> FactSet:
    return document(neighbours=others, **changes)


def _patient(born: str, name: str = "Ida Berg", number: str = "P-77120") -> FactSet:
    theirs = neighbour({"patient": name, "patient_id": number, "date_of_birth": born}, schema_key="discharge_letter")
    return document(PATIENT, LETTER, neighbours=(theirs,))


NOT_LOOKED_UP = (unknown("nobody looked", document(neighbours=None)),)

EXAMPLES = {
    "exact_duplicate": Examples(
        passing=(passes("alone", document()),),
        failing=(fails("the same bytes", _with_neighbours(SAME_FILE)),),
        unknown=NOT_LOOKED_UP,
        adversarial=(
            passes("the same text in another file", _with_neighbours(SCANNED_AGAIN)),
            passes("two files whose hash is not known", _with_neighbours(neighbour(sha256=""), sha256="")),
        ),
    ),
    "near_duplicate": Examples(
        passing=(passes("alone", document()),),
        failing=(fails("scanned again", _with_neighbours(SCANNED_AGAIN)),),
        unknown=NOT_LOOKED_UP,
        adversarial=(
            passes("next month's invoice of the same template", _with_neighbours(NEXT_MONTH)),
            passes("the same bytes are the other check's", _with_neighbours(SAME_FILE)),
            fails("its number misread", _with_neighbours(MISREAD_NUMBER)),
            passes(
                "a template without numbers in common",
                document({}, neighbours=(neighbour({}, text_similarity=0.95, number_similarity=0.2),)),
            ),
        ),
    ),
    "newer_version": Examples(
        passing=(passes("alone", document()),),
        failing=(
            fails("a corrected one is here", _with_neighbours(neighbour({**BILL, "total": "1250.00"}, revision="2"))),
        ),
        unknown=NOT_LOOKED_UP,
        adversarial=(
            passes("the other one is the older", _with_neighbours(neighbour(revision="1"), revision="2")),
            fails("its sender said so", _with_neighbours(neighbour({}, supersedes="a"))),
        ),
    ),
    "replaces_earlier": Examples(
        passing=(passes("alone", document()),),
        failing=(
            fails("dated later", _with_neighbours(neighbour({**BILL, "invoice_date": "2025-06-02", "total": "9.00"}))),
            fails("its sender said so", _with_neighbours(neighbour({}), supersedes="b")),
        ),
        unknown=NOT_LOOKED_UP,
        adversarial=(
            passes("a later arrival alone is a copy, not a version", _with_neighbours(SCANNED_AGAIN)),
            fails("revision 10 comes after revision 9", _with_neighbours(neighbour(revision="9"), revision="10")),
        ),
    ),
    "contradiction": Examples(
        passing=(passes("alone", document()),),
        failing=(
            fails("one number, two totals", _with_neighbours(OTHER_TOTAL)),
            fails("one patient, two birthdays", _patient("1961-08-03")),
        ),
        unknown=NOT_LOOKED_UP,
        adversarial=(
            passes("a corrected invoice may say otherwise", _with_neighbours(OTHER_TOTAL, revision="2")),
            passes("a namesake", _patient("1984-11-23", number="P-11111")),
            passes("capitals are no contradiction", _patient("1961-03-08", name="IDA BERG")),
            passes(
                "two suppliers may use one number",
                _with_neighbours(neighbour({**BILL, "supplier": "Nordlicht GmbH", "total": "7.00"})),
            ),
        ),
    ),
}
