"""Laboratory reports and discharge letters."""

from ingestion.domain.schemas import DISCHARGE_LETTER, LAB_REPORT
from tests.support.text_pages import fields_of, normalized

LETTER = """
Harborview Regional Medical Center
Division of Hospital Medicine, 106 Birch Hill Road, Pittsburgh, PA 15213

DISCHARGE SUMMARY
Patient               Date of birth     Admission date    Discharge date
Leonard Lockwood      02/23/1957        07/08/2023        07/12/2023

Diagnoses
1. Acute on chronic systolic heart failure          I50.23
2. Gastro-esophageal reflux disease                 K21.9

HOSPITAL COURSE
This 66-year-old man presented with progressive dyspnea.

Attending physician:  Charlotte Marsden, MD
NPI: 1234567893
"""


def test_discharge_letter_fields_are_extracted() -> None:
    assert normalized(LETTER, DISCHARGE_LETTER) == {
        "patient": "Leonard Lockwood",
        "date_of_birth": "1957-02-23",
        "admission_date": "2023-07-08",
        "discharge_date": "2023-07-12",
        "hospital": "Harborview Regional Medical Center",
        "diagnoses": "I50.23,K21.9",
        "physician": "Charlotte Marsden, MD",
        "npi": "1234567893",
    }


def test_invalid_npi_is_kept_and_fails_validation() -> None:
    npi = fields_of(LETTER.replace("1234567893", "1234567890"), DISCHARGE_LETTER)["npi"]
    assert npi.normalized == "1234567890"
    assert ("npi", False) in [(verdict.code, verdict.ok) for verdict in npi.validations]


def test_german_lab_report_fields_are_extracted() -> None:
    found = normalized(
        """
MVZ Labor Rheintal GmbH
Laborbefund
Patient:        Katharina Zellner       Geburtsdatum:    28.01.1951
Patienten-ID:   MRN-514553              Geschlecht:      weiblich
Entnahmedatum:  20.09.2023              Befunddatum:     21.09.2023
Einsender:      Dr. med. Konstantin Oberdorfer
""",
        LAB_REPORT,
    )
    assert found == {
        "patient": "Katharina Zellner",
        "date_of_birth": "1951-01-28",
        "patient_id": "MRN-514553",
        "collected_at": "2023-09-20",
        "reported_at": "2023-09-21",
        "laboratory": "MVZ Labor Rheintal GmbH",
        "physician": "Dr. med. Konstantin Oberdorfer",
    }


def test_unlabelled_date_is_not_taken_for_another_field() -> None:
    found = fields_of("Northgate Laboratory\nPatient:   Ann Lee\nCollected:   03 May 2023\n", LAB_REPORT)
    assert found["collected_at"].normalized == "2023-05-03"
    assert found["reported_at"].normalized == ""
    assert found["date_of_birth"].normalized == ""
