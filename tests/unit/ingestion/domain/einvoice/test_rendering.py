"""Rendered page of an e-invoice: all its content, escaped, in the seller's language."""

from html.parser import HTMLParser

import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice.parsing import parse_einvoice
from ingestion.domain.einvoice.rendering import MAX_DRAWN_LINES, invoice_html
from tests.support.einvoices import cii, cii_without_lines, ubl


def rendered(text: str) -> str:
    return invoice_html(parse_einvoice(read_xml(text.encode())))


class RenderedPageParser(HTMLParser):
    """Collects the texts, and unexpected tags and attributes."""

    def __init__(self, markup: str) -> None:
        """Parse the markup."""
        super().__init__()
        self.texts: list[str] = []
        self.strange: list[str] = []
        self.feed(markup)

    def handle_data(self, data: str) -> None:
        """Store a text."""
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record tags other than plain tables and paragraphs, and attributes other than a class."""
        if tag not in {"h1", "h2", "p", "table", "tr", "td", "th"} or any(name != "class" for name, _ in attrs):
            self.strange.append(tag)


@pytest.mark.parametrize("text", [cii(), ubl()], ids=["cii", "ubl"])
def test_rendered_einvoice_shows_every_fact(text: str) -> None:
    texts = RenderedPageParser(rendered(text)).texts
    for fact in (
        "Rechnung HP-2025-0118",
        "Hafenpapier GmbH",
        "20457 Hamburg",
        "USt-IdNr.: DE136695976",
        "Kunden AG",
        "Rechnungsdatum: 13.06.2025",
        "Fällig am: 13.07.2025",
        "Papier",
        "900,00",
        "-50,00 EUR",
        "950,00 EUR",
        "180,50 EUR",
        "1.130,50 EUR",
        "1.100,00 EUR",
        "IBAN: DE89370400440532013000",
    ):
        assert fact in texts, fact


@pytest.mark.parametrize(
    ("country", "title", "day", "amount"),
    [("FR", "Facture", "13/06/2025", "1\N{NO-BREAK SPACE}130,50 EUR"), ("GB", "Invoice", "2025-06-13", "1,130.50 EUR")],
)
def test_rendered_einvoice_uses_language_of_seller(country: str, title: str, day: str, amount: str) -> None:
    texts = " ".join(RenderedPageParser(rendered(cii().replace("<CountryID>DE", f"<CountryID>{country}", 1))).texts)
    assert f"{title} HP-2025-0118" in texts
    assert day in texts
    assert amount in texts


def test_rendered_credit_note_has_credit_note_title() -> None:
    assert "<h1>Gutschrift HP-2025-0118</h1>" in rendered(ubl(credit=True, type="381"))


def test_rendered_einvoice_escapes_markup() -> None:
    seen = RenderedPageParser(
        rendered(cii(seller="&lt;script src='http://x'&gt;&lt;img onerror=x&gt;", buyer="a &amp; b\u202e"))
    )
    assert seen.strange == []
    assert "<script src='http://x'><img onerror=x>" in seen.texts
    assert "a & b " in seen.texts


def test_rendered_einvoice_omits_missing_values() -> None:
    page = rendered(cii_without_lines(due="", iban=""))
    assert "Fällig" not in page
    assert "IBAN" not in page
    assert "<th" not in page


def test_rendered_einvoice_counts_lines_above_limit() -> None:
    text = cii()
    start, stop = text.index("<IncludedSupplyChain"), text.index("<ApplicableHeaderTradeAgreement>")
    page = rendered(text[:start] + text[start:stop] * (MAX_DRAWN_LINES // 2 + 3) + text[stop:])
    assert page.count("Papier</td>") == MAX_DRAWN_LINES // 2
    assert "+ 6" in page
