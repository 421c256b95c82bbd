"""Travel documents: values of the page and of the machine-readable zone, and their conflicts."""

from dataclasses import replace

import pytest

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.page.rotation import rotate_box
from ingestion.domain.schemas import IDENTITY_DOCUMENT
from refinery.core.types import BoundingBox
from tests.support.text_pages import fields_of, page_from_text

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


def test_identity_holder_with_one_name_has_no_given_names() -> None:
    zone = "P<PAKZARMINA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nDD51243520PAK8501019F29032193213544006747<24"
    found = fields_of(f"PASSPORT\nSurname\nZARMINA\nNationality\nPAKISTANI\n\n{zone}", IDENTITY_DOCUMENT)
    assert found["mrz"].normalized == zone
    assert (found["surname"].normalized, found["given_names"].normalized) == ("ZARMINA", "")
    assert (found["document_number"].normalized, found["date_of_birth"].normalized) == ("DD5124352", "1985-01-01")
    assert (found["nationality"].normalized, found["nationality"].features["disagrees"]) == ("PAKISTANI", 0.0)


def test_identity_names_cut_short_in_the_zone_are_taken_from_the_page() -> None:
    zone = "P<NLDVAN<DER<HOOGEVELDT<BRAAMKAMP<<WILHELMIN\nNX7T82JL46NLD7906123F3109041<<<<<<<<<<<<<<<2"
    page = "PASSPORT\nGiven names\nWilhelmina Anne Marie\nNationality\nNederlandse\n\n"
    found = fields_of(page + zone, IDENTITY_DOCUMENT)
    assert found["given_names"].normalized == "Wilhelmina Anne Marie"
    assert found["given_names"].features["proven"] == 1.0
    assert found["nationality"].features["disagrees"] == 0.0


def test_identity_long_number_printed_in_groups_is_normalized_as_in_the_zone() -> None:
    zone = "IDBEL600001795<0152<<<<<<<<<<<\n1301014F2311207BEL130101987398\nSPECIMEN<<SPECIMEN<<<<<<<<<<<<"
    found = fields_of(f"IDENTITY CARD\nDocument No  600-0017950-15\n{zone}", IDENTITY_DOCUMENT)["document_number"]
    assert (found.value, found.normalized, found.features["proven"]) == ("600-0017950-15", "600001795015", 1.0)


def test_identity_zone_with_one_filler_beside_other_text_is_read() -> None:
    zone = ("I<ESTAA7700123249002142345ABCD", "9002144F3002142EST<<<<<<<<<<<4", "TAMMSAAR<<LIIS<<<<<<<<<<<<<<<<")
    page = f"IDENTITY CARD\n\nChip    {zone[0]}    No 3\n{zone[1]}\n{zone[2]}"
    found = fields_of(page, IDENTITY_DOCUMENT)
    assert found["mrz"].normalized == "\n".join(zone)
    assert (found["surname"].normalized, found["document_number"].normalized) == ("TAMMSAAR", "AA7700123")


def test_identity_nationality_of_another_state_disagrees_with_the_zone() -> None:
    found = fields_of(PAGE.replace("\nUTO\nDate", "\nFRANÇAISE\nDate").replace("UTO", "ITA"), IDENTITY_DOCUMENT)
    assert (found["nationality"].normalized, found["nationality"].features["disagrees"]) == ("FRANÇAISE", 1.0)


STAMPS = """
VISAS     PAGE 12
ENTRY 11 MAR 2024    BORDER POST 105
EXIT  19 MAR 2024    BORDER POST 142
STAY  90 DAYS        MULTIPLE ENTRIES
"""


def _page_with_zone(quarters: int) -> PageReading:
    """Return an upright page beside whose text a zone is upright after a rotation by some quarters, clockwise."""
    page = page_from_text(STAMPS)
    square = replace(page, width=page.height, words=tuple(_left_half(word) for word in page.words))
    boxes = (BoundingBox(0.05, 0.9, 0.95, 0.92), BoundingBox(0.05, 0.94, 0.95, 0.96))
    words = (
        Word(line, rotate_box(box, -quarters % 4), 0.95, WordSource.RAPIDOCR, 50 + at)
        for at, (line, box) in enumerate(zip(ZONE.splitlines(), boxes, strict=True))
    )
    return replace(square, words=(*square.words, *words))


def _left_half(word: Word) -> Word:
    box = word.bbox
    return replace(word, bbox=BoundingBox(0.1 + box.x0 / 2, 0.1 + box.y0 / 2, 0.1 + box.x1 / 2, 0.1 + box.y1 / 2))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_identity_zone_in_another_direction_than_its_page_is_read(quarters: int) -> None:
    page = _page_with_zone(quarters)
    found = {field.name: field for field in extract_fields(build_document_rows([page]), IDENTITY_DOCUMENT)}
    assert found["mrz"].normalized == ZONE
    assert found["document_number"].normalized == "L898902C3"
    box = found["document_number"].bbox
    assert box is not None
    assert box.as_list() == pytest.approx(page.words[-1].bbox.as_list())
