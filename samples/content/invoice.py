"""An invoice as data: seller, buyer, lines, and VAT that adds up to the cent."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from samples.content.printed import (
    Facts,
    PrintedValue,
    currency_of,
    draw_date_style,
    plain_value,
    printed_date,
    printed_money,
    round_to_cents,
)
from samples.numbers.iban import grouped, make_iban
from samples.numbers.vat import make_vat_id, printed_vat_id
from samples.seeds import random_digits
from samples.words.people import full_name
from samples.words.places import LANGUAGES, Address, make_address, make_phone
from samples.words.trades import TradeGood, make_customer, make_firm

COUNTRIES = ("DE", "GB", "FR", "AT", "IE", "BE")
_RATES = {
    "DE": ("19", "7"),
    "AT": ("20", "10"),
    "GB": ("20", "20"),
    "IE": ("23", "13.5"),
    "FR": ("20", "5.5"),
    "BE": ("21", "6"),
}
_EARLIEST = date(2023, 1, 9)


@dataclass(frozen=True, slots=True)
class SampleParty:
    """Company with its address and contacts."""

    name: str
    address: Address
    phone: str
    contact: str
    host: str


@dataclass(frozen=True, slots=True)
class SampleLine:
    """Invoice line; `rate` is the VAT rate in percent."""

    description: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Return quantity times price, rounded."""
        return round_to_cents(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class Invoice:
    """Complete invoice; sums are derived, never stored, so that they cannot disagree by accident."""

    country: str
    language: str
    supplier: SampleParty
    customer: SampleParty
    number: str
    issued: date
    due: date
    style: str
    iban: str
    vat_id: str
    register: str
    order: str
    customer_number: str
    lines: tuple[SampleLine, ...]
    revision: int = 0

    @property
    def currency(self) -> str:
        """Return the ISO 4217 code."""
        return currency_of(self.country)

    @property
    def taxes(self) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
        """Return rate, net and tax of each VAT rate, highest rate first."""
        rates = sorted({line.rate for line in self.lines}, reverse=True)
        nets = [sum((line.amount for line in self.lines if line.rate == rate), Decimal()) for rate in rates]
        return tuple((rate, net, round_to_cents(net * rate / 100)) for rate, net in zip(rates, nets, strict=True))

    @property
    def net_total(self) -> Decimal:
        """Return the sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal())

    @property
    def tax_total(self) -> Decimal:
        """Return the sum of the taxes by rate."""
        return sum((tax for _, _, tax in self.taxes), Decimal())


def _party(rng: Random, name: str, country: str) -> SampleParty:
    stem = "".join(c for c in name.split(maxsplit=1)[0].lower() if c.isascii() and c.isalpha()) or "office"
    host = f"{stem}-{name.split()[1].lower()}" if name.split()[1].isascii() and name.split()[1].isalpha() else stem
    domain = {"GB": "co.uk"}.get(country, country.lower())
    contact = full_name(rng, LANGUAGES[country])
    return SampleParty(name, make_address(rng, country), make_phone(rng, country), contact, f"{host}.example.{domain}")


def _quantity(rng: Random, good: TradeGood) -> Decimal:
    if good.unit in ("hours", "Std.", "heure"):
        return Decimal(rng.randint(4, good.most * 4)) / 4
    return Decimal(rng.randint(1, good.most))


def _price(rng: Random, good: TradeGood) -> Decimal:
    if good.low >= 30:
        return Decimal(round(rng.uniform(good.low, good.high))) + Decimal(rng.choice(("0", "0.50", "-0.10")))
    return Decimal(str(round(rng.uniform(good.low, good.high), 2)))


def _line(rng: Random, good: TradeGood, country: str, price: Decimal, suffix: str = "") -> SampleLine:
    full, reduced = _RATES[country]
    return SampleLine(
        good.name + suffix, _quantity(rng, good), good.unit, price, Decimal(reduced if good.reduced_tax else full)
    )


def _lines(rng: Random, goods: tuple[TradeGood, ...], country: str, *, long: bool) -> tuple[SampleLine, ...]:
    prices = {good: _price(rng, good) for good in goods}
    if not long:
        picked = rng.sample(goods, rng.randint(2, min(7, len(goods))))
        return tuple(_line(rng, good, country, prices[good]) for good in picked)
    word = {"en": "wk", "de": "KW", "fr": "sem."}[LANGUAGES[country]]
    start = rng.randint(2, 40)
    weeks = ((start + offset, rng.sample(goods, min(6, len(goods)))) for offset in range(5))
    return tuple(_line(rng, good, country, prices[good], f" ({word} {week})") for week, some in weeks for good in some)


def _number(rng: Random, issued: date) -> str:
    serial = rng.randint(112, 98_765)
    return rng.choice(
        (
            f"{issued.year}-{serial:05d}",
            f"INV-{serial:06d}",
            f"RE{issued:%y%m}{serial:05d}",
            f"{issued:%y}/{serial:05d}",
            f"F{issued.year}{serial:05d}",
        )
    )


def _register(rng: Random, country: str, town: str) -> str:
    return {
        "DE": f"Amtsgericht {town}, HRB {random_digits(rng, 5)}",
        "AT": f"Firmenbuch {town}, FN {random_digits(rng, 6)}k",
        "GB": f"Registered in England No. 0{random_digits(rng, 7)}",
        "IE": f"Registered in Ireland No. {random_digits(rng, 6)}",
        "FR": f"RCS {town} {random_digits(rng, 3)} {random_digits(rng, 3)} {random_digits(rng, 3)}",
        "BE": f"RPM {town}",
    }[country]


def make_invoice(rng: Random, country: str | None = None, *, long: bool | None = None) -> Invoice:
    """Generate an invoice; `country` and `long` (about thirty lines, two pages) are random by default."""
    country = country or rng.choice(COUNTRIES)
    language = LANGUAGES[country]
    name, trade = make_firm(rng, country, language)
    supplier = _party(rng, name, country)
    issued = _EARLIEST + timedelta(days=rng.randrange(900))
    due = issued + timedelta(days=rng.choice((10, 14, 21, 30, 45)))
    return Invoice(
        country=country,
        language=language,
        supplier=supplier,
        customer=_party(rng, make_customer(rng, country, language), country),
        number=_number(rng, issued),
        issued=issued,
        due=due,
        style=draw_date_style(rng, country, (issued, due)),
        iban=make_iban(rng, country),
        vat_id=make_vat_id(rng, country),
        register=_register(rng, country, supplier.address.town),
        order=f"PO-{random_digits(rng, 5)}",
        customer_number=f"{random_digits(rng, 5)}",
        lines=_lines(rng, trade.goods, country, long=rng.random() < 0.2 if long is None else long),
    )


def revised_invoice(invoice: Invoice, rng: Random) -> Invoice:
    """Return the supplier's correction of an invoice: same number, a later date, one quantity changed."""
    spot = rng.randrange(len(invoice.lines))
    line = invoice.lines[spot]
    changed = replace(line, quantity=line.quantity + rng.randint(1, 3))
    later = timedelta(days=rng.randint(3, 9))
    issued, due = invoice.issued + later, invoice.due + later
    lines = (*invoice.lines[:spot], changed, *invoice.lines[spot + 1 :])
    style = draw_date_style(rng, invoice.country, (issued, due))
    return replace(invoice, lines=lines, issued=issued, due=due, style=style, revision=invoice.revision + 1)


def contradicting_invoice(invoice: Invoice, rng: Random) -> Invoice:
    """Return an invoice with the same number and date but another amount, not marked as a correction."""
    factor = Decimal(rng.choice(("1.10", "1.25", "0.80")))
    lines = tuple(replace(line, price=round_to_cents(line.price * factor)) for line in invoice.lines)
    return replace(invoice, lines=lines)


def invoice_facts(invoice: Invoice) -> Facts:
    """Return the schema's fields as this invoice prints them."""
    country, language = invoice.country, invoice.language
    return {
        "supplier": plain_value(invoice.supplier.name),
        "supplier_address": plain_value(invoice.supplier.address.joined),
        "customer": plain_value(invoice.customer.name),
        "invoice_number": plain_value(invoice.number),
        "invoice_date": printed_date(invoice.issued, invoice.style, language),
        "due_date": printed_date(invoice.due, invoice.style, language),
        "currency": plain_value(invoice.currency),
        "net_total": printed_money(invoice.net_total, country),
        "tax_total": printed_money(invoice.tax_total, country),
        "total": printed_money(invoice.net_total + invoice.tax_total, country),
        "iban": PrintedValue(grouped(invoice.iban), invoice.iban),
        "vat_id": PrintedValue(printed_vat_id(invoice.vat_id), invoice.vat_id),
    }
