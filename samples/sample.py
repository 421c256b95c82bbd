"""A finished sample: the file and the truth about it."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

Box = tuple[float, float, float, float]  # 0..1 of the page, origin top left


@dataclass(frozen=True, slots=True)
class FieldTruth:
    """One field: as printed, normalised, and where. Nothing printed: empty strings and no place."""

    value: str = ""
    normalized: str = ""
    page: int | None = None
    bbox: Box | None = None


@dataclass(frozen=True, slots=True)
class WordTruth:
    """One printed word and the box of its ink."""

    text: str
    page: int
    bbox: Box


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is known about a sample. `lines` are an invoice's positions, `tests` a report's results.

    `xml` is what an e-invoice's XML says of the fields, normalised; None for a document without one.
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
        """Plain data, as written to the truth file."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sample:
    """One document: its file's name, media type and bytes, and its truth as plain data."""

    name: str
    filename: str
    media_type: str
    content: bytes = field(repr=False)
    truth: dict[str, object] = field(repr=False)

    def write(self, folder: Path) -> None:
        """Write the document and, beside it, its truth as NAME.json."""
        (folder / self.filename).write_bytes(self.content)
        text = json.dumps(self.truth, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")
