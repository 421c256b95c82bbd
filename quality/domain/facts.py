"""Facts about one document version at assessment: an immutable set.

Workers compute facts once (reading, entity recognition, look-ups); scoring is then a pure function of them, so
after a rule change a million documents are rescored without reading one again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ingestion.domain.einvoice.mapping import EInvoiceComparison
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.official_rules import RuleReport
from ingestion.domain.extraction.adjustments import SumAdjustment
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import ExtractedField, FieldSpec, SchemaSpec
from ingestion.domain.splitting.boundaries import Boundary
from quality.domain.reference import CodeTable
from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class TenantThresholds:
    """Thresholds of a tenant. Reading confidence is 0..100: the expected share of right words."""

    review_below: float = 70.0
    reject_below: float = 40.0
    languages: frozenset[str] = frozenset()
    pii_allowed: frozenset[str] = frozenset()
    near_duplicate_from: float = 0.82


@dataclass(frozen=True, slots=True)
class PiiSpan:
    """Personal data found in the text: `kind` is such as "card", "iban", "ssn", "email", "phone"."""

    kind: str
    page: int
    text: str
    bbox: BoundingBox | None = None


@dataclass(frozen=True, slots=True)
class LineAmount:
    """One line of a table of goods or services: `amount` is its last amount, `text` the whole line.

    `confirmed` means that two other numbers of the line multiply to the amount.
    """

    page: int
    bbox: BoundingBox
    amount: Decimal
    text: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """Tax of one rate: `rate` in percent and `base` are None if they are not printed beside it."""

    amount: Decimal
    rate: Decimal | None = None
    base: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReceiptPayment:
    """Payment printed on a receipt: `paid` less `change` is the amount due."""

    paid: Decimal
    change: Decimal


@dataclass(frozen=True, slots=True)
class Misprint:
    """Impossible printed value: a date that does not exist, or an account with wrong check digits."""

    page: int
    bbox: BoundingBox
    text: str


@dataclass(frozen=True, slots=True)
class PrintedDates:
    """All days printed on the pages, as ISO dates (both readings of an ambiguous one).

    `order_known` means that one of them is unambiguous, which shows which number is the month.
    """

    days: frozenset[str] = frozenset()
    impossible: tuple[Misprint, ...] = ()
    order_known: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another document of the same tenant that may be related.

    `text_similarity` is 0..1 after the re-ranking by fingerprints.compare_texts, `number_similarity` the
    share of numbers that both have. `fields` are its normalised values by field name. `supersedes` is the
    id of the document it was sent to replace.
    """

    document_id: str
    sha256: str
    received_at: datetime
    schema_key: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    text_similarity: float = 0.0
    number_similarity: float = 0.0
    external_id: str = ""
    revision: str = ""
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class FactSet:
    """Facts of one document version. None means "not computed", for which checks return UNKNOWN.

    `total_pages` is the page count of the file; pages read and failed are counted from `pages`. `today` and
    `received_at` replace a clock. `signature` is fingerprints.signature of the text. `einvoice` is the embedded XML,
    `einvoice_fault` the reason why it could not be read, `einvoice_report` the official rules' report on it,
    `comparison` its comparison with the pages. `boundaries` are pages on which another document may begin,
    `shared_pages` those that seem to show several documents. `adjustments` are the printed amounts that are added to a
    sum or deducted from it, `taxes` those of each rate.
    """

    document_id: str
    pages: tuple[PageReading, ...]
    today: date
    received_at: datetime
    schema: SchemaSpec | None = None
    fields: tuple[ExtractedField, ...] = ()
    total_pages: int | None = None
    sha256: str = ""
    signature: tuple[int, ...] = ()
    neighbours: tuple[Neighbour, ...] | None = None
    pii: tuple[PiiSpan, ...] | None = None
    lines: tuple[LineAmount, ...] | None = None
    adjustments: tuple[SumAdjustment, ...] = ()
    taxes: tuple[TaxAmount, ...] = ()
    payment: ReceiptPayment | None = None
    printed_dates: PrintedDates | None = None
    invalid_ibans: tuple[Misprint, ...] = ()
    codes: CodeTable | None = None
    language: str | None = None
    external_id: str = ""
    supersedes: str | None = None
    revision: str = ""
    limits: TenantThresholds = field(default_factory=TenantThresholds)
    einvoice: EInvoice | None = None
    einvoice_fault: str = ""
    einvoice_report: RuleReport | None = None
    comparison: EInvoiceComparison | None = None
    boundaries: tuple[Boundary, ...] | None = None
    shared_pages: tuple[int, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Values that several checks derive from these facts; a changed copy begins with an empty one."""

    @property
    def pages_read(self) -> tuple[PageReading, ...]:
        """The pages that could be read."""
        return tuple(page for page in self.pages if page.error is None)

    @property
    def pages_failed(self) -> int:
        """The number of pages that could not be read, including missing ones."""
        missing = max(0, (self.total_pages or 0) - len(self.pages))
        return missing + sum(1 for page in self.pages if page.error is not None)

    @property
    def partial(self) -> bool:
        """Whether a page is missing from the reading: such a document is never approved without a person."""
        return self.pages_failed > 0

    @property
    def words(self) -> int:
        """The number of words that were read."""
        return sum(len(page.words) for page in self.pages)

    @property
    def schema_key(self) -> str:
        """The schema's key, empty when the document has none."""
        return self.schema.key if self.schema else ""

    def get(self, *names: str) -> ExtractedField | None:
        """Return the first of these fields that was found with a value."""
        for name in names:
            for candidate in self.fields:
                if candidate.name == name and candidate.value:
                    return candidate
        return None

    def spec(self, name: str) -> FieldSpec | None:
        """Return the schema's specification of a field, None when it has none."""
        if self.schema is None:
            return None
        return next((spec for spec in self.schema.fields if spec.name == name), None)

    def of_kind(self, kind: str) -> tuple[ExtractedField, ...]:
        """Return the fields found whose kind in the schema is `kind`."""
        if self.schema is None:
            return ()
        names = {spec.name for spec in self.schema.fields if spec.kind == kind}
        return tuple(found for found in self.fields if found.name in names and found.value)
