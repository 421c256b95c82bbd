"""Look of a supplier's invoices: typeface, colour, and choice of labels."""

from dataclasses import dataclass
from random import Random

from samples.content.invoice import Invoice
from samples.layout.fonts import GREY, Color, Style
from samples.layout.labels import INVOICE
from samples.layout.marks import accent_of


@dataclass(frozen=True, slots=True)
class SupplierLook:
    """Typeface, accent colour and labels of one supplier."""

    body: Style
    accent: Color
    labels: dict[str, str]
    symbol_first: bool

    @property
    def small(self) -> Style:
        """Return the style of footers and captions."""
        return self.body.sized(self.body.size * 0.82).colored(GREY)

    def label(self, key: str) -> str:
        """Return the printed label for `key`."""
        return self.labels[key]


def draw_look(rng: Random, invoice: Invoice, family: str, size: float) -> SupplierLook:
    """Choose a supplier's labels from the alternatives of its language."""
    labels = {key: rng.choice(choices) for key, choices in INVOICE[invoice.language].items()}
    labels["brought"] = INVOICE[invoice.language]["carry"][1]
    labels["carry"] = INVOICE[invoice.language]["carry"][0]
    return SupplierLook(Style(family, size), accent_of(invoice.supplier.name), labels, invoice.country in ("GB", "IE"))
