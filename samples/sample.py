"""Finished sample: the file and its ground truth."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

Box = tuple[float, float, float, float]  # 0..1 of the page, origin top left


@dataclass(frozen=True, slots=True)
class FieldTruth:
    """Field: as printed, normalised, and its position. If not printed: empty strings and no position."""

    value: str = ""
    normalized: str = ""
    page: int | None = None
    bbox: Box | None = None


@dataclass(frozen=True, slots=True)
class WordTruth:
    """Printed word and the box of its ink."""

    text: str
    page: int
    bbox: Box


@dataclass(frozen=True, slots=True)
class Truth:
    """Ground truth of a sample. `lines` are the lines of an invoice, `tests` the results of a report.

    `xml` contains the fields of an e-invoice's XML, normalised; None for a document without one.
    """

    name: str
    schema: str
    family: str
    language: str
    source: str  # digital | scan
    pages: int
    fields: dict[str, FieldTruth]
    words: tuple[WordTruth, ...]
    flaws: tuple[str, ...] = ()
    lines: tuple[dict[str, str], ...] = ()
    tests: tuple[dict[str, str], ...] = ()
    degradation: dict[str, object] | None = None
    xml: dict[str, str] | None = None
    duplicate_of: str | None = None
    supersedes: str | None = None
    contradicts: str | None = None
    seed: int = 0
    index: int = 0

    def as_dict(self) -> dict[str, object]:
        """Return plain data, as written to the truth file."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sample:
    """Document: its file name, media type and bytes, and its ground truth as plain data."""

    name: str
    filename: str
    media_type: str
    content: bytes = field(repr=False)
    truth: dict[str, object] = field(repr=False)

    def write(self, folder: Path) -> None:
        """Write the document and, beside it, its ground truth as NAME.json."""
        (folder / self.filename).write_bytes(self.content)
        text = json.dumps(self.truth, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")
