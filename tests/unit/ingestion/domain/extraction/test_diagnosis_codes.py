"""Diagnosis codes of letters: additions and marks left out, words of ordinary text not taken."""

import pytest

from ingestion.domain.schemas import built_in_schema
from tests.support.text_pages import normalized

LETTER = """
St. Korbinian Hospital
DISCHARGE LETTER
Patient: Emeric Vaszary
Discharge date: 11 May 2026

Diagnoses (ICD-10)
{diagnoses}

{course}
"""


def _codes(diagnoses: str, course: str = "") -> str:
    page = LETTER.format(diagnoses=diagnoses, course=course)
    return normalized(page, built_in_schema("discharge_letter"))["diagnoses"]


@pytest.mark.parametrize(
    ("diagnoses", "codes"),
    [
        (
            "E10.40† Type 1 diabetes\nG63.2* Polyneuropathy\nU07.1 COVID-19\nI10.90G Hypertension",
            "E10.40,G63.2,U07.1,I10.90",
        ),
        (
            "Essentielle Hypertonie I10.90 G\nDiabetes mellitus Typ 2 E11.90 G\nPost-COVID-19 U09.9 G",
            "I10.90,E11.90,U09.9",
        ),
        ("Hypertension (I10), obesity (E66.9)", "I10,E66.9"),
        ("1. I10 Essential hypertension\n2. E11 Type 2 diabetes", "I10,E11"),
        ("Hypertension I10 since 2010", "I10"),
        ("Hypertension, diabetes, asthma and chronic kidney disease of the third stage: I10, E11, J45", "I10,E11,J45"),
        ("I10     Essential hypertension     known for many years and well controlled by tablets now", "I10"),
        ("Fractured leg    S72.001A", "S72.001A"),
        ("Traumatic fracture    T12 G", "T12"),
    ],
)
def test_diagnosis_codes_of_a_list_are_taken(diagnoses: str, codes: str) -> None:
    assert _codes(diagnoses) == codes


@pytest.mark.parametrize(
    "course",
    [
        "He was treated with vitamin B12 and a physiotherapy of segment T12.",
        "Vitamin B12, folic acid and coenzyme Q10 were given",
        "B12 deficiency was excluded",
        "Transferred from ward C14 to room B22, bed A11",
        "Verlegung von Station C14 in Zimmer B22",
        "Fraktur von BWK T12, Wirbel T10 und T11 intakt",
        "The patient was seen in B12 and D14 by the consultant of the day",
        "TSH, T3 and T4 normal, HbA1c 6.5, CD4 420",
        "Infusion pump model A12, serial X99, article Q45",
        "HLA B27 positive, P53 mutation, C13 breath test negative, DRG F62B",
        "Siehe Abschnitt E11.2 und Tabelle C10.1, Ebene U10",
        "Follow-up in building D, floor E10, platform F12",
    ],
)
def test_diagnosis_codes_in_the_course_are_not_taken(course: str) -> None:
    assert _codes("I10.90 Essential hypertension", course) == "I10.90"
