"""Facts of an e-invoice, by the business terms (BT) and groups (BG) of EN 16931-1, independent of the syntax."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class EInvoiceSyntax(StrEnum):
    """Syntax of the invoice."""

    CII = "cii"  # UN/CEFACT D16B: ZUGFeRD 2, Factur-X, XRechnung
    ZUGFERD1 = "zugferd1"  # its older dialect
    UBL = "ubl"  # OASIS UBL 2.1 Invoice
    UBL_CREDIT_NOTE = "ubl_credit_note"


class EInvoiceProfile(StrEnum):
    """Profile: how much of the standard the invoice claims to contain (BT-24)."""

    MINIMUM = "minimum"
    BASIC_WL = "basic_wl"  # without lines
    BASIC = "basic"
    EN16931 = "en16931"
    EXTENDED = "extended"
    XRECHNUNG = "xrechnung"
    UNKNOWN = "unknown"

    @property
    def has_lines(self) -> bool:
        """Whether an invoice of this profile carries its lines (BG-25)."""
        return self not in (EInvoiceProfile.MINIMUM, EInvoiceProfile.BASIC_WL)


CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""UNTDID 1001 codes of credit notes: their positive amounts may be printed as negative."""


@dataclass(frozen=True, slots=True)
class Party:
    """Seller (BG-4) or buyer (BG-7): `address` is its lines as written in a postal address, without the country.

    name BT-27/44, address BT-35 to 38/50 to 53, country BT-40/55, VAT identifier BT-31/48, tax number BT-32.
    """

    name: str = ""
    address: tuple[str, ...] = ()
    country: str = ""
    vat_id: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """Invoice line (BG-25).

    BT-126 number, BT-153 name, BT-129 quantity, BT-130 unit, BT-146 price, BT-131 net amount, BT-151 tax category,
    BT-152 tax rate in percent.
    """

    number: str = ""
    name: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    net: Decimal | None = None
    category: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Allowance (BG-20: BT-92 amount, BT-97 reason) or, if `charge`, a charge (BG-21: BT-99, BT-104)."""

    charge: bool
    amount: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TaxShare:
    """One line of the tax breakdown (BG-23): BT-118 category, BT-119 rate, BT-116 basis, BT-117 amount."""

    category: str = ""
    rate: Decimal | None = None
    basis: Decimal | None = None
    amount: Decimal | None = None

    @property
    def gross(self) -> Decimal | None:
        """Gross amount at this rate: pages print it beside basis and amount."""
        return None if self.basis is None or self.amount is None else self.basis + self.amount


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """Totals of the document (BG-22).

    lines BT-106, allowances BT-107, charges BT-108, net BT-109, tax BT-110, gross BT-112, prepaid BT-113,
    rounding BT-114, due BT-115.
    """

    lines: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    due: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Payment instructions (BG-16): BT-84 accounts, BT-86 bank, BT-83 remittance reference."""

    accounts: tuple[str, ...] = ()
    bic: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class EInvoice:
    """E-invoice.

    guideline BT-24, number BT-1, type code BT-3 (UNTDID 1001), issued BT-2, due BT-9, delivered BT-72, currency
    BT-5, preceding invoices BT-25. `unreadable` lists the terms that are present but cannot be read.
    """

    syntax: EInvoiceSyntax
    profile: EInvoiceProfile
    guideline: str = ""
    number: str = ""
    type_code: str = ""
    issued: date | None = None
    due: date | None = None
    delivered: date | None = None
    currency: str = ""
    seller: Party = field(default_factory=Party)
    buyer: Party = field(default_factory=Party)
    lines: tuple[InvoiceLine, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    taxes: tuple[TaxShare, ...] = ()
    totals: InvoiceTotals = field(default_factory=InvoiceTotals)
    payment: Payment = field(default_factory=Payment)
    preceding: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def is_credit_note(self) -> bool:
        """Whether it is a credit note."""
        return self.syntax is EInvoiceSyntax.UBL_CREDIT_NOTE or self.type_code in CREDIT_NOTE_CODES


class EInvoiceFault(StrEnum):
    """Reason why XML that should be an e-invoice could not be read."""

    MALFORMED = "malformed"
    FORBIDDEN = "forbidden"  # a document type or an entity
    TOO_LARGE = "too_large"
    NO_INVOICE = "no_invoice"  # XML of another kind
