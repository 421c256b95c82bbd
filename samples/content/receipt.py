"""A till receipt as data: shelf prices with the tax inside (on top in the United States), and how it was paid."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from samples.content.printed import Facts, cents, draw_style, plain, printed_date, printed_money
from samples.numbers.vat import make_vat_id, printed_vat_id
from samples.seeds import digits
from samples.words.people import given_name, sex
from samples.words.places import LANGUAGES, Address, make_address, make_phone
from samples.words.shops import Ware, draw_shop

COUNTRIES = ("GB", "DE", "FR", "US", "MY")
_RATES = {"GB": ("20", "0"), "DE": ("19", "7"), "FR": ("20", "5.5"), "US": ("8.25", "8.25"), "MY": ("6", "6")}
_EARLIEST = date(2023, 1, 3)
_FIVE_CENTS = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the slip; `price` is for one, `rate` the tax in percent."""

    name: str
    quantity: int
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times price."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Receipt:
    """A whole receipt; `given` is the cash handed over, None when paid by card."""

    country: str
    language: str
    company: str
    address: Address
    phone: str
    tax_id: str
    day: date
    time: str
    style: str
    number: str
    till: str
    cashier: str
    items: tuple[Item, ...]
    given: Decimal | None
    card: str
    thanks: tuple[str, ...]

    @property
    def subtotal(self) -> Decimal:
        """Sum of the items as marked."""
        return sum((item.amount for item in self.items), Decimal())

    @property
    def taxes(self) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
        """Rate, net and tax of each rate."""
        rates = sorted({item.rate for item in self.items}, reverse=True)
        return tuple(self._tax(rate) for rate in rates)

    def _tax(self, rate: Decimal) -> tuple[Decimal, Decimal, Decimal]:
        gross = sum((item.amount for item in self.items if item.rate == rate), Decimal())
        if self.country == "US":
            return rate, gross, cents(gross * rate / 100)
        net = cents(gross / (1 + rate / 100))
        return rate, net, gross - net

    @property
    def rounding(self) -> Decimal:
        """What Malaysian cash rounding to five sen adds."""
        if self.country != "MY":
            return Decimal()
        return (self.subtotal / _FIVE_CENTS).quantize(Decimal(1)) * _FIVE_CENTS - self.subtotal

    @property
    def total(self) -> Decimal:
        """What is to pay."""
        on_top = sum((tax for _, _, tax in self.taxes), Decimal()) if self.country == "US" else Decimal()
        return self.subtotal + on_top + self.rounding


def _item(rng: Random, ware: Ware, country: str) -> Item:
    price = Decimal(str(round(rng.uniform(ware.low, ware.high), 1))) + rng.choice(
        (Decimal("-0.01"), Decimal("0.05"), Decimal(0))
    )
    full, reduced = _RATES[country]
    quantity = rng.choices((1, 2, 3, 4), (70, 20, 7, 3))[0]
    return Item(ware.name, quantity, cents(price), Decimal(reduced if ware.reduced else full))


def _tax_id(rng: Random, country: str) -> str:
    if country == "US":
        return ""
    if country == "MY":
        return f"GST ID: 00{digits(rng, 10)}"
    label = {"GB": "VAT No", "DE": "USt-IdNr.", "FR": "TVA"}[country]
    return f"{label} {printed_vat_id(make_vat_id(rng, country))}"


def _cash(rng: Random, total: Decimal) -> Decimal | None:
    if rng.random() < 0.45:
        return None
    for note in (5, 10, 20, 50, 100, 200):
        if total <= note:
            return Decimal(note)
    return (total // 50 + 1) * 50


def make_receipt(rng: Random, country: str | None = None) -> Receipt:
    """Draw a receipt; the country is drawn when not given."""
    country = country or rng.choice(COUNTRIES)
    company, shop = draw_shop(rng, country)
    day = _EARLIEST + timedelta(days=rng.randrange(900))
    language = LANGUAGES[country]
    wares = rng.sample(shop.wares, rng.randint(3, min(9, len(shop.wares))))
    receipt = Receipt(
        country=country,
        language=language,
        company=company,
        address=make_address(rng, country),
        phone=make_phone(rng, country),
        tax_id=_tax_id(rng, country),
        day=day,
        time=f"{rng.randint(8, 21):02d}:{rng.randint(0, 59):02d}",
        style=draw_style(rng, country, (day,)),
        number=f"{rng.randint(1, 9999):06d}",
        till=f"{rng.randint(1, 9):02d}",
        cashier=given_name(rng, language, sex(rng)),
        items=tuple(_item(rng, ware, country) for ware in wares),
        given=None,
        card=f"{rng.choice(('VISA', 'MASTERCARD', 'MAESTRO'))} ************{rng.randint(1000, 9999)}",
        thanks=shop.thanks,
    )
    return replace(receipt, given=_cash(rng, receipt.total))


def receipt_facts(receipt: Receipt) -> Facts:
    """The schema's fields as this receipt prints them."""
    return {
        "company": plain(receipt.company),
        "address": plain(receipt.address.joined),
        "date": printed_date(receipt.day, receipt.style, receipt.language),
        "total": printed_money(receipt.total, receipt.country),
    }
