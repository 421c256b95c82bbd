"""Travel documents of Utopia, the fictitious state that ICAO Doc 9303 uses for specimens."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from samples.content.printed import Facts, PrintedValue, plain_value, printed_date
from samples.numbers.mrz import MrzHolder, card_mrz, passport_mrz
from samples.seeds import random_digits
from samples.words.people import sex, utopian_given_names, utopian_surname

STATE = "UTO"
_EARLIEST = date(2018, 2, 1)
_STYLES = ("{d:02d} {s} {y}", "{d:02d}.{m:02d}.{y}")
_TOWNS = ("Avenza", "Port Solenne", "Nyhavn", "Castellmar", "Vallombre")


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """Data page of a passport (code P) or an identity card (code ID)."""

    holder: MrzHolder
    issued: date
    birthplace: str
    height: int
    style: str
    portrait: int

    @property
    def mrz(self) -> tuple[str, ...]:
        """Return the machine readable zone, line by line."""
        return passport_mrz(self.holder) if self.holder.code == "P" else card_mrz(self.holder)


def make_identity_document(rng: Random, code: str | None = None) -> IdentityDocument:
    """Generate a document; `code` is P or ID, random by default."""
    code = code or rng.choice(("P", "ID"))
    gender = sex(rng)
    issued = _EARLIEST + timedelta(days=rng.randrange(2400))
    letters = "".join(rng.choices("CFGHJKLMNPRTVWXYZ", k=2))
    holder = MrzHolder(
        code=code,
        issuer=STATE,
        surname=utopian_surname(rng),
        given_names=utopian_given_names(rng, gender),
        number=f"{letters}{random_digits(rng, 7)}",
        nationality=STATE,
        born=date(1951, 1, 1) + timedelta(days=rng.randrange(19_500)),
        sex=gender,
        expires=issued.replace(year=issued.year + 10, day=min(issued.day, 28)) - timedelta(days=1),
        optional=random_digits(rng, 9) if code == "P" and rng.random() < 0.5 else "",
    )
    birthplace, height = rng.choice(_TOWNS), rng.randint(154, 196)
    return IdentityDocument(holder, issued, birthplace, height, rng.choice(_STYLES), rng.randrange(1 << 30))


def identity_facts(document: IdentityDocument) -> Facts:
    """Return the schema's fields as this document prints them; passports print names in capitals."""
    holder = document.holder
    zone = "\n".join(document.mrz)
    return {
        "document_type": plain_value(holder.code),
        "surname": plain_value(_capitals(holder.surname)),
        "given_names": plain_value(_capitals(holder.given_names)),
        "document_number": plain_value(holder.number),
        "nationality": plain_value(holder.nationality),
        "date_of_birth": _date(holder.born, document.style),
        "sex": plain_value(holder.sex),
        "expiry_date": _date(holder.expires, document.style),
        "mrz": PrintedValue(zone, zone),
    }


def _capitals(name: str) -> str:
    return name.replace("ß", "ss").upper()


def _date(day: date, style: str) -> PrintedValue:
    printed = printed_date(day, style, "en")
    return PrintedValue(printed.text.upper(), printed.normalized)
