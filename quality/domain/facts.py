"""Everything that is known about one document version when it is judged: an immutable set of facts.

Workers compute facts once (reading, entity recognition, look-ups); scoring is then a pure function of them,
so a changed rule scores a million documents again without reading one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from ingestion.domain.einvoice import EInvoice
from ingestion.domain.einvoice.mapping import Comparison
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import ExtractedField, FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.splitting.boundaries import Boundary
from quality.domain.reference import CodeTable
from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class Limits:
    """A tenant's thresholds. Reading confidence is 0..100: the expected share of right words."""

    review_below: float = 70.0
    reject_below: float = 40.0
    dpi_below: float = 140.0
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

    `confirmed` says that two other numbers of the line multiply to the amount.
    """

    page: int
    bbox: BoundingBox
    amount: Decimal
    text: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """What a receipt says was paid: `paid` less `change` is what was due."""

    paid: Decimal
    change: Decimal


@dataclass(frozen=True, slots=True)
class Misprint:
    """Something printed that cannot be: a date that no calendar has, an account whose check digits are wrong."""

    page: int
    bbox: BoundingBox
    text: str


@dataclass(frozen=True, slots=True)
class PrintedDays:
    """All days printed on the pages, as ISO dates (both readings of an ambiguous one).

    `settled` says that one of them can be read one way only, and so tells which number is the month.
    """

    days: frozenset[str] = frozenset()
    impossible: tuple[Misprint, ...] = ()
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another document of the same tenant that may be the same thing.

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
    """The facts of one document version. None means "not computed", which checks answer with UNKNOWN.

    `total_pages` is what the file promises; pages read and failed are counted from `pages`. `today` and
    `received_at` stand in for a clock. `signature` is fingerprints.signature of the text. `einvoice` is the
    document's own XML, `einvoice_fault` why it could not be read, `comparison` what the pages say beside it.
    `boundaries` are pages on which another document may begin.
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
    payment: Payment | None = None
    printed: PrintedDays | None = None
    broken_ibans: tuple[Misprint, ...] = ()
    codes: CodeTable | None = None
    language: str | None = None
    external_id: str = ""
    supersedes: str | None = None
    revision: str = ""
    limits: Limits = field(default_factory=Limits)
    einvoice: EInvoice | None = None
    einvoice_fault: str = ""
    comparison: Comparison | None = None
    boundaries: tuple[Boundary, ...] | None = None

    @property
    def pages_read(self) -> tuple[PageReading, ...]:
        """The pages that could be read."""
        return tuple(page for page in self.pages if page.error is None)

    @property
    def pages_failed(self) -> int:
        """How many pages could not be read, those that never came included."""
        missing = max(0, (self.total_pages or 0) - len(self.pages))
        return missing + sum(1 for page in self.pages if page.error is not None)

    @property
    def partial(self) -> bool:
        """Whether a page is missing from the reading: such a document is never approved without a human."""
        return self.pages_failed > 0

    @property
    def words(self) -> int:
        """How many words were read."""
        return sum(len(page.words) for page in self.pages)

    @property
    def schema_key(self) -> str:
        """The schema's key, empty when the document has none."""
        return self.schema.key if self.schema else ""

    def get(self, *names: str) -> ExtractedField | None:
        """Give the first of these fields that was found with a value."""
        for name in names:
            for candidate in self.fields:
                if candidate.name == name and candidate.value:
                    return candidate
        return None

    def spec(self, name: str) -> FieldSpec | None:
        """Give the schema's description of a field, None when it has none."""
        if self.schema is None:
            return None
        return next((spec for spec in self.schema.fields if spec.name == name), None)

    def of_kind(self, kind: FieldKind) -> tuple[ExtractedField, ...]:
        """Give the fields found whose schema says they are of this kind."""
        if self.schema is None:
            return ()
        names = {spec.name for spec in self.schema.fields if spec.kind is kind}
        return tuple(found for found in self.fields if found.name in names and found.value)
