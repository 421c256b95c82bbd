"""A hospital's discharge letter as data: diagnoses with ICD-10-CM codes, the course, the medication."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from samples.content.printed import Facts, PrintedValue, draw_date_style, plain_value, printed_date
from samples.numbers.luhn import make_npi
from samples.seeds import random_digits
from samples.words.diagnoses import HOSPITALS, PRINCIPAL, SECONDARY, WARDS, Diagnosis
from samples.words.people import full_name, sex
from samples.words.places import Address, make_address, make_phone

_EARLIEST = date(2023, 1, 5)


@dataclass(frozen=True, slots=True)
class DischargeLetter:
    """Complete discharge letter; the principal diagnosis comes first."""

    hospital: str
    ward: str
    address: Address
    phone: str
    patient: str
    gender: str
    born: date
    record: str
    admitted: date
    discharged: date
    style: str
    physician: str
    npi: str
    recipient: str
    recipient_address: Address
    diagnoses: tuple[Diagnosis, ...]
    pulse: int
    pressure: tuple[int, int]

    @property
    def age(self) -> int:
        """Return the age in whole years at admission."""
        birthday = (self.admitted.month, self.admitted.day) >= (self.born.month, self.born.day)
        return self.admitted.year - self.born.year - (0 if birthday else 1)


def make_discharge_letter(rng: Random) -> DischargeLetter:
    """Generate a discharge letter of an American hospital."""
    gender = sex(rng)
    admitted = _EARLIEST + timedelta(days=rng.randrange(880))
    discharged = admitted + timedelta(days=rng.randint(2, 12))
    born = date(1934, 3, 1) + timedelta(days=rng.randrange(21_000))
    return DischargeLetter(
        hospital=rng.choice(HOSPITALS),
        ward=rng.choice(WARDS),
        address=make_address(rng, "US"),
        phone=make_phone(rng, "US"),
        patient=full_name(rng, "en", gender),
        gender=gender,
        born=born,
        record=random_digits(rng, 7),
        admitted=admitted,
        discharged=discharged,
        style=draw_date_style(rng, "US", (admitted, discharged, born)),
        physician=f"{full_name(rng, 'en')}, MD",
        npi=make_npi(rng),
        recipient=f"{full_name(rng, 'en')}, MD",
        recipient_address=make_address(rng, "US"),
        diagnoses=(rng.choice(PRINCIPAL), *rng.sample(SECONDARY, rng.randint(2, 4))),
        pulse=rng.randint(62, 84),
        pressure=(rng.randint(112, 138), rng.randint(66, 84)),
    )


def discharge_facts(letter: DischargeLetter) -> Facts:
    """Return the schema's fields as this letter prints them."""
    codes = [diagnosis.code for diagnosis in letter.diagnoses]
    return {
        "patient": plain_value(letter.patient),
        "date_of_birth": printed_date(letter.born, letter.style, "en"),
        "admission_date": printed_date(letter.admitted, letter.style, "en"),
        "discharge_date": printed_date(letter.discharged, letter.style, "en"),
        "hospital": plain_value(letter.hospital),
        "diagnoses": PrintedValue(", ".join(codes), ",".join(codes)),
        "physician": plain_value(letter.physician),
        "npi": plain_value(letter.npi),
    }
