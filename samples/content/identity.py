"""A travel document of Utopia, the state that ICAO Doc 9303 keeps for specimens: nobody's real papers."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from samples.content.printed import Facts, Printed, plain, printed_date
from samples.numbers.mrz import Holder, card_zone, passport_zone
from samples.seeds import digits
from samples.words.people import sex, utopian_given_names, utopian_surname

STATE = "UTO"
_EARLIEST = date(2018, 2, 1)
_STYLES = ("{d:02d} {s} {y}", "{d:02d}.{m:02d}.{y}")
_TOWNS = ("Avenza", "Port Solenne", "Nyhavn", "Castellmar", "Vallombre")


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """A passport's data page (code P) or an identity card (code ID)."""

    holder: Holder
    issued: date
    birthplace: str
    height: int
    style: str
    portrait: int

    @property
    def zone(self) -> tuple[str, ...]:
        """The machine readable zone, line by line."""
        return passport_zone(self.holder) if self.holder.code == "P" else card_zone(self.holder)


def make_identity_document(rng: Random, code: str | None = None) -> IdentityDocument:
    """Draw a document; `code` is P or ID, drawn when not given."""
    code = code or rng.choice(("P", "ID"))
    gender = sex(rng)
    issued = _EARLIEST + timedelta(days=rng.randrange(2400))
    letters = "".join(rng.choices("CFGHJKLMNPRTVWXYZ", k=2))
    holder = Holder(
        code=code,
        issuer=STATE,
        surname=utopian_surname(rng),
        given_names=utopian_given_names(rng, gender),
        number=f"{letters}{digits(rng, 7)}",
        nationality=STATE,
        born=date(1951, 1, 1) + timedelta(days=rng.randrange(19_500)),
        sex=gender,
        expires=issued.replace(year=issued.year + 10, day=min(issued.day, 28)) - timedelta(days=1),
        optional=digits(rng, 9) if code == "P" and rng.random() < 0.5 else "",
    )
    birthplace, height = rng.choice(_TOWNS), rng.randint(154, 196)
    return IdentityDocument(holder, issued, birthplace, height, rng.choice(_STYLES), rng.randrange(1 << 30))


def identity_facts(document: IdentityDocument) -> Facts:
    """The schema's fields as this document prints them; passports print names in capitals."""
    holder = document.holder
    zone = "\n".join(document.zone)
    return {
        "document_type": plain(holder.code),
        "surname": plain(_capitals(holder.surname)),
        "given_names": plain(_capitals(holder.given_names)),
        "document_number": plain(holder.number),
        "nationality": plain(holder.nationality),
        "date_of_birth": _date(holder.born, document.style),
        "sex": plain(holder.sex),
        "expiry_date": _date(holder.expires, document.style),
        "mrz": Printed(zone, zone),
    }


def _capitals(name: str) -> str:
    return name.replace("ß", "ss").upper()


def _date(day: date, style: str) -> Printed:
    printed = printed_date(day, style, "en")
    return Printed(printed.text.upper(), printed.normalized)
