"""Validators: check digits, calendars, forms. Codes are stable, messages are for people."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import iban, luhn
from stdnum.exceptions import ValidationError

from ingestion.domain.normalize.vat_numbers import canonical_vat_number, vat_fault, vat_likelihood
from ingestion.domain.schemas.fields import FieldSpec, Validation
from ingestion.domain.schemas.kinds import value_type
from ingestion.domain.schemas.patterns import matches_whole

_NPI_PREFIX = "80840"  # the card issuer number of the United States' health industry: 45 CFR 162.406


_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_NPI = re.compile(r"[12]\d{9}")


@dataclass(frozen=True, slots=True)
class Validator:
    """Rule for one kind of number: `canonical` returns its form without blanks or None, `check` the verdict.

    `check` returns None for a number that no known rule applies to. `likelihood` orders texts of the right form.
    """

    code: str
    canonical: Callable[[str], str | None]
    check: Callable[[str], Validation | None]
    likelihood: Callable[[str], int] = lambda _: 0

    def confirms(self, number: str) -> bool:
        """Return whether the number's check digits are right."""
        verdict = self.check(number)
        return verdict is not None and verdict.ok


def _compact(text: str) -> str:
    return re.sub(r"[\s.\-]", "", text).upper()


def _canonical(form: re.Pattern[str]) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        compact = _compact(text)
        return compact if form.fullmatch(compact) else None

    return read


def check_iban(value: str) -> Validation:
    """Check an IBAN's length, country and check digits (ISO 13616)."""
    try:
        iban.validate(_compact(value), check_country=False)
    except ValidationError as fault:
        return Validation("iban", ok=False, message=f"This is not a valid IBAN: {str(fault).rstrip('.').lower()}.")
    return Validation("iban", ok=True, message="The check digits of the IBAN are correct.")


def check_vat(value: str) -> Validation | None:
    """Check a VAT number by its country's rule; None for a country without a known rule."""
    fault = vat_fault(value)
    if fault is None:
        return None
    if fault:
        return Validation("vat_id", ok=False, message=f"This is not a valid VAT number: {fault}.")
    return Validation("vat_id", ok=True, message="The VAT number follows its country's rule.")


def check_npi(value: str) -> Validation:
    """Check a National Provider Identifier: ten digits whose Luhn sum with 80840 before them is right."""
    digits = _compact(value)
    ok = bool(_NPI.fullmatch(digits)) and luhn.is_valid(_NPI_PREFIX + digits)
    return Validation("npi", ok=ok, message="The NPI's check digit is correct." if ok else "This is not a valid NPI.")


VALIDATORS: dict[str, Validator] = {
    "iban": Validator("iban", _canonical(_IBAN), check_iban),
    "vat_id": Validator("vat_id", canonical_vat_number, check_vat, vat_likelihood),
    "npi": Validator("npi", _canonical(_NPI), check_npi),
}


def validator_for(name: str) -> Validator | None:
    """Return the validator of a field by its name: `iban`, or any name that ends in `_iban`, and so on."""
    for known, validator in VALIDATORS.items():
        if name == known or name.endswith(f"_{known}"):
            return validator
    return None


def _check_pattern(spec: FieldSpec, value: str) -> Validation:
    ok = matches_whole(spec.pattern or "", value)
    return Validation("pattern", ok=ok, message="" if ok else f"{spec.title} does not have the expected form.")


def validate(spec: FieldSpec, normalized: str | None) -> tuple[Validation, ...]:
    """Validate a normalised value by its kind, by its name's rule (IBAN, VAT, NPI) and by the field's pattern.

    None or "" (nothing found, or not readable as its kind) results in `missing` for a required field.
    """
    if not normalized:
        return (Validation("missing", ok=False, message=f"{spec.title} was not found."),) if spec.required else ()
    validations = []
    of_type = value_type(spec.kind).validate
    if of_type:
        validations.append(of_type(normalized))
    named = validator_for(spec.name)
    verdict = named.check(normalized) if named else None
    if verdict:
        validations.append(verdict)
    if spec.pattern:
        validations.append(_check_pattern(spec, normalized))
    return tuple(validations)
