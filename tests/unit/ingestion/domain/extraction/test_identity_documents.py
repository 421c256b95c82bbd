"""Travel documents: values of the page and of the machine-readable zone, and their conflicts."""

from ingestion.domain.schemas import IDENTITY_DOCUMENT
from tests.support.text_pages import fields_of

ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
PAGE = f"""
UTOPIA     PASSPORT
Type     Code      Passport No.
P        UTO       L898902C3
Surname
ERIKSSON
Given names
ANNA MARIA
Nationality
UTO
Date of birth            Sex
12 AUG 1974              F
Date of expiry
15 APR 2012

{ZONE}
"""


def test_identity_page_and_mrz_agree() -> None:
    found = fields_of(PAGE, IDENTITY_DOCUMENT)
    assert {name: field.normalized for name, field in found.items()} == {
        "document_type": "P",
        "surname": "ERIKSSON",
        "given_names": "ANNA MARIA",
        "document_number": "L898902C3",
        "nationality": "UTO",
        "date_of_birth": "1974-08-12",
        "sex": "F",
        "expiry_date": "2012-04-15",
        "mrz": ZONE,
    }
    assert found["date_of_birth"].features["proven"] == 1.0


def test_identity_clear_page_differing_from_mrz_keeps_mrz_as_alternative() -> None:
    birth = fields_of(PAGE.replace("12 AUG 1974", "13 AUG 1974"), IDENTITY_DOCUMENT)["date_of_birth"]
    assert birth.normalized == "1974-08-13"
    assert birth.features["disagrees"] == 1.0
    assert "740812" in [alternative.value for alternative in birth.alternatives]


def test_identity_unclear_page_yields_to_valid_mrz() -> None:
    birth = fields_of(PAGE.replace("12 AUG 1974", "18 AUG 1974"), IDENTITY_DOCUMENT, confidence=0.5)["date_of_birth"]
    assert (birth.normalized, birth.source) == ("1974-08-12", "mrz")


def test_identity_printed_spelling_keeps_accents() -> None:
    page = PAGE.replace("\nERIKSSON\n", "\nMÜLLENBACH\n").replace(
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "P<UTOMUELLENBACH<<ANNA<MARIA<<<<<<<<<<<<<<<<"
    )
    assert fields_of(page, IDENTITY_DOCUMENT)["surname"].normalized == "MÜLLENBACH"
