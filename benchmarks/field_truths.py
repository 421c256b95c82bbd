"""Documents with their true fields, from the three corpora that fields are measured on."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pymupdf

from benchmarks.ocr_calibration.receipts import corpus_half
from ingestion.domain.normalize import find_amounts
from ingestion.domain.page.elements import PageReading, Word, WordSource
from refinery.core.types import BoundingBox

_MARGIN = 20  # pixels around printed lines if the size of the page is unknown


@dataclass(frozen=True, slots=True)
class BenchmarkCase:
    """Document with its true fields as printed or normalised ("" for absent), and its file or its pages."""

    kind: str
    schema: str
    path: Path
    truth: dict[str, str]
    pages: tuple[PageReading, ...] = ()
    xml_values: dict[str, str] = field(default_factory=dict)  # values of an e-invoice's XML, printed or not


def receipts(folder: Path, half: str, limit: int, *, printed: bool) -> Iterator[BenchmarkCase]:
    """Yield the receipts of `half` among the first `limit` of all, ordered by a hash of their name."""
    files = sorted(folder.glob("*.json"), key=lambda path: sha256(path.stem.encode()).hexdigest())
    for path in files[: limit or None]:
        if half in ("all", corpus_half(path.stem)):
            label = json.loads(path.read_text())
            pages = (_printed_page(label["lines"]),) if printed else ()
            truth = {name: label["fields"].get(name, "") for name in ("company", "address", "date", "total")}
            yield BenchmarkCase("receipt (SROIE)", "receipt", path.with_suffix(".jpg"), truth, pages)


def _printed_page(lines: list[dict[str, Any]]) -> PageReading:
    width = max(line["bbox"][2] for line in lines) + _MARGIN
    height = max(line["bbox"][3] for line in lines) + _MARGIN
    words = [word for number, line in enumerate(lines) for word in _split(line, number, width, height)]
    return PageReading(1, width, height, WordSource.NATIVE, 1.0, tuple(words))


def _split(line: dict[str, Any], number: int, width: int, height: int) -> Iterator[Word]:
    """Yield a line's words, its box divided in proportion to their letters."""
    x0, y0, x1, y1 = line["bbox"]
    step = (x1 - x0) / max(len(line["text"]), 1)
    for hit in re.finditer(r"\S+", line["text"]):
        left, right = x0 + hit.start() * step, x0 + hit.end() * step
        box = BoundingBox.clipped(left / width, y0 / height, right / width, y1 / height)
        yield Word(hit[0], box, 1.0, WordSource.NATIVE, number)


def own_samples(folder: Path) -> Iterator[BenchmarkCase]:
    """Yield documents of the project's generator; the truth of an impossible date is the printed text."""
    for path in sorted(folder.glob("*.json")):
        label = json.loads(path.read_text())
        files = [other for other in folder.glob(f"{path.stem}.*") if other.suffix != ".json"]
        truth = {name: field["normalized"] for name, field in label["fields"].items()}
        source = "scanned" if label.get("degradation") else "born digital"
        yield BenchmarkCase(f"{label['schema']} (own, {source})", label["schema"], files[0], truth)


_PATHS = {
    "invoice_number": ("Document", "ID"),
    "invoice_date": ("Document", "IssueDateTime", "DateTimeString"),
    "currency": ("InvoiceCurrencyCode",),
    "supplier": ("SellerTradeParty", "Name"),
    "customer": ("BuyerTradeParty", "Name"),
    "due_date": ("DueDateDateTime", "DateTimeString"),
    "iban": ("IBANID",),
    "net_total": ("Summation", "TaxBasisTotalAmount"),
    "tax_total": ("Summation", "TaxTotalAmount"),
    "total": ("Summation", "GrandTotalAmount"),
}
_ELEMENT_ALIASES = {
    "Document": ("ExchangedDocument", "HeaderExchangedDocument"),
    "Summation": ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
}


def e_invoices(folder: Path) -> Iterator[BenchmarkCase]:
    """Yield the invoices, with those fields of their XML that their pages print."""
    for path in sorted(folder.glob("*.pdf")):
        with pymupdf.open(path) as document:
            names = [name for name in document.embfile_names() if name.lower().endswith(".xml")]
            text = "".join(page.get_text() for page in document)
            root = ET.fromstring(document.embfile_get(names[0]).strip())  # noqa: S314 - a local corpus
        xml_values = _xml_values(root)
        truth = {name: value for name, value in xml_values.items() if _printed(name, value, text)}
        if text.strip():
            yield BenchmarkCase("e-invoice (ZUGFeRD, page only)", "invoice", path, truth, xml_values=xml_values)


def _xml_values(root: ET.Element) -> dict[str, str]:
    truth = {name: _find(root, path) for name, path in _PATHS.items()}
    for name in ("invoice_date", "due_date"):
        truth[name] = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", truth[name])
    for name in ("net_total", "tax_total", "total"):
        truth[name] = f"{float(truth[name]):.2f}" if truth[name] else ""
    seller = next((each for each in root.iter() if _name(each) == "SellerTradeParty"), root)
    truth["vat_id"] = next((each.text or "" for each in seller.iter() if each.get("schemeID") == "VA"), "")
    return {name: value.strip() for name, value in truth.items() if value.strip()}


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _find(root: ET.Element, path: tuple[str, ...]) -> str:
    found = [root]
    for step in path:
        wanted = _ELEMENT_ALIASES.get(step, (step,))
        found = [each for parent in found for each in parent.iter() if each is not parent and _name(each) in wanted]
    return (found[0].text or "") if found else ""


def _printed(name: str, value: str, text: str) -> bool:
    """Return whether the page agrees with the XML: some of these files contain another invoice's XML."""
    if name.endswith("total"):
        return value in {amount.normalized for amount in find_amounts(text)}
    plain = re.sub(r"[^0-9a-zà-ÿ]", "", text.lower())
    if name.endswith("date"):
        year, month, day = value.split("-")
        return bool(re.search(rf"{day}\D{{1,2}}{month}\D{{1,2}}{year}|{value}|{day}\. \w+ {year}", text))
    return name == "currency" or re.sub(r"[^0-9a-zà-ÿ]", "", value.lower()) in plain
