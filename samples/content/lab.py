"""A laboratory report as data: patient, dates, and results with their reference intervals."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from samples.content.printed import Facts, draw_date_style, plain_value, printed_date
from samples.seeds import random_digits
from samples.words.analytes import LABORATORIES, PANELS, Analyte, Scale
from samples.words.people import full_name, sex
from samples.words.places import LANGUAGES, Address, make_address, make_phone

COUNTRIES = ("US", "DE", "GB")
_EARLIEST = date(2023, 2, 1)


@dataclass(frozen=True, slots=True)
class LabResult:
    """Measured value as printed, with its unit, reference interval and flag ("", H or L)."""

    name: str
    value: str
    unit: str
    reference: str
    flag: str
    share: float  # position of the value in its reference interval: 0 at the lower, 1 at the upper limit


@dataclass(frozen=True, slots=True)
class LabReport:
    """Complete report: panels of results."""

    country: str
    language: str
    laboratory: str
    address: Address
    phone: str
    patient: str
    gender: str
    born: date
    patient_id: str
    collected: date
    reported: date
    style: str
    physician: str
    specimen: str
    panels: tuple[tuple[str, tuple[LabResult, ...]], ...]

    @property
    def results(self) -> tuple[LabResult, ...]:
        """Return all results in printing order."""
        return tuple(result for _, results in self.panels for result in results)


def _render(value: float, scale: Scale, country: str) -> str:
    text = f"{value:.{scale.places}f}"
    return text.replace(".", ",") if country == "DE" else text


def _measure(rng: Random, analyte: Analyte, country: str) -> LabResult:
    scale = analyte.conventional if country == "US" else analyte.si
    width = scale.high - scale.low
    share = rng.uniform(0.1, 0.9)
    if rng.random() < 0.2:
        share = rng.choice((rng.uniform(1.06, 1.5), rng.uniform(-0.35, -0.06)))
    value = round(max(scale.low + share * width, 0.0), scale.places)
    flag = "H" if value > scale.high else "L" if value < scale.low else ""
    name = analyte.german if country == "DE" else analyte.name
    unit = scale.unit if country == "US" else scale.unit.replace("umol", "µmol").replace("ug/", "µg/")
    reference = f"{_render(scale.low, scale, country)} - {_render(scale.high, scale, country)}"
    return LabResult(name, _render(value, scale, country), unit, reference, flag, (value - scale.low) / width)


def _panels(rng: Random, country: str) -> tuple[tuple[str, tuple[LabResult, ...]], ...]:
    picked = sorted(rng.sample(range(len(PANELS)), rng.randint(2, 4)))
    return tuple(
        (german if country == "DE" else english, tuple(_measure(rng, analyte, country) for analyte in analytes))
        for english, german, analytes in (PANELS[index] for index in picked)
    )


def _physician(rng: Random, country: str) -> str:
    name = full_name(rng, LANGUAGES[country])
    return f"{name}, MD" if country == "US" else f"Dr. med. {name}" if country == "DE" else f"Dr {name}"


def make_lab_report(rng: Random, country: str | None = None) -> LabReport:
    """Generate a report; the country (its language and units) is random by default."""
    country = country or rng.choice(COUNTRIES)
    language, gender = LANGUAGES[country], sex(rng)
    collected = _EARLIEST + timedelta(days=rng.randrange(850))
    reported = collected + timedelta(days=rng.randint(1, 3))
    born = date(1938, 1, 1) + timedelta(days=rng.randrange(24_500))
    return LabReport(
        country=country,
        language=language,
        laboratory=rng.choice(LABORATORIES[country]),
        address=make_address(rng, country),
        phone=make_phone(rng, country),
        patient=full_name(rng, language, gender),
        gender=gender,
        born=born,
        patient_id=rng.choice(
            (f"P{random_digits(rng, 7)}", f"{random_digits(rng, 8)}", f"MRN-{random_digits(rng, 6)}")
        ),
        collected=collected,
        reported=reported,
        style=draw_date_style(rng, country, (collected, reported, born)),
        physician=_physician(rng, country),
        specimen=f"{random_digits(rng, 4)}-{random_digits(rng, 5)}",
        panels=_panels(rng, country),
    )


def lab_facts(report: LabReport) -> Facts:
    """Return the schema's fields as this report prints them."""
    return {
        "patient": plain_value(report.patient),
        "date_of_birth": printed_date(report.born, report.style, report.language),
        "patient_id": plain_value(report.patient_id),
        "collected_at": printed_date(report.collected, report.style, report.language),
        "reported_at": printed_date(report.reported, report.style, report.language),
        "laboratory": plain_value(report.laboratory),
        "physician": plain_value(report.physician),
    }
