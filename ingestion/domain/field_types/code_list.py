"""Lists of ICD-10 codes."""

import re

from ingestion.domain.extraction import signal_weights
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.diagnosis_codes import diagnosis_code_candidates
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.normalize.icd10 import codes_in
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec, Validation
from ingestion.domain.schemas.kinds import FieldExample, InputWidget, compare_exactly

_CODE = re.compile(r"(?:[A-Z]\d[0-9A-Z]|QA0)(?:\.?[0-9A-Z]{1,4})?")


def _normalize(text: str, *_: object) -> str | None:
    return ",".join(dict.fromkeys(codes_in(text))) or None


def _validate(value: str) -> Validation:
    wrong = [code for code in value.split(",") if not _CODE.fullmatch(code)]
    message = f"Not in the form of an ICD-10 code: {', '.join(wrong)}." if wrong else ""
    return Validation("code_form", ok=not wrong, message=message)


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    return ranked(diagnosis_code_candidates(context.doc, spec, context.hits), signal_weights.DIAGNOSIS_CODES)


FIELD_TYPE = FieldType(
    key=FieldKind.CODE_LIST,
    title="Code list",
    normal_form="ICD-10 codes in capitals, each once, joined by commas: `I50.23,K21.9`",
    normalize=_normalize,
    validate=_validate,
    comparison_key=compare_exactly,
    find=_find,
    examples=(
        FieldExample("i50.23, K21.9, I50.23", "I50.23,K21.9", same=("I50.23 K21.9",)),
        FieldExample("I10.90G, U07.1 G, G63.2*", "I10.90,U07.1,G63.2", same=("I10.90 U07.1! G63.2",)),
    ),
    widget=InputWidget(rows=2),
)
