"""Laboratory tests: names, units and reference ranges in conventional (US) and SI units."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Unit with its reference interval and the number of printed digits."""

    unit: str
    low: float
    high: float
    places: int


@dataclass(frozen=True, slots=True)
class Analyte:
    """Laboratory test in two languages and two systems of units."""

    name: str
    german: str
    conventional: Scale
    si: Scale


def _scale(text: str) -> Scale:
    unit, low, high, places = text.split()
    return Scale(unit, float(low), float(high), int(places))


def _panel(table: str) -> tuple[Analyte, ...]:
    rows = ([cell.strip() for cell in row.split("|")] for row in table.strip().splitlines())
    return tuple(Analyte(name, german, _scale(us), _scale(si or us)) for name, german, us, si in rows)


PANELS: tuple[tuple[str, str, tuple[Analyte, ...]], ...] = (
    (
        "Complete blood count",
        "Blutbild",
        _panel("""
White blood cells|Leukozyten|10^3/uL 4.0 11.0 1|G/l 4.0 10.0 1
Red blood cells|Erythrozyten|10^6/uL 4.20 5.80 2|T/l 4.2 5.8 1
Hemoglobin|Hämoglobin|g/dL 12.5 17.0 1|mmol/l 7.8 10.5 1
Hematocrit|Hämatokrit|% 37.5 50.0 1|l/l 0.37 0.50 2
MCV|MCV|fL 80 98 0|fl 80 98 0
Platelets|Thrombozyten|10^3/uL 150 400 0|G/l 150 400 0
Neutrophils|Neutrophile|% 40 74 0|
Lymphocytes|Lymphozyten|% 14 46 0|
"""),
    ),
    (
        "Metabolic panel",
        "Klinische Chemie",
        _panel("""
Glucose, fasting|Glukose nüchtern|mg/dL 70 99 0|mmol/l 3.9 5.5 1
Creatinine|Kreatinin|mg/dL 0.60 1.20 2|umol/l 53 106 0
Urea nitrogen|Harnstoff|mg/dL 7 20 0|mmol/l 2.8 8.1 1
Sodium|Natrium|mmol/L 136 145 0|mmol/l 136 145 0
Potassium|Kalium|mmol/L 3.5 5.1 1|mmol/l 3.5 5.1 1
Calcium|Calcium|mg/dL 8.6 10.3 1|mmol/l 2.15 2.55 2
ALT|GPT (ALAT)|U/L 7 45 0|U/l 7 45 0
AST|GOT (ASAT)|U/L 8 40 0|U/l 8 40 0
Bilirubin, total|Bilirubin gesamt|mg/dL 0.2 1.2 1|umol/l 3 21 0
C-reactive protein|CRP|mg/L 0.0 5.0 1|mg/l 0.0 5.0 1
"""),
    ),
    (
        "Lipid panel",
        "Lipidstatus",
        _panel("""
Cholesterol, total|Cholesterin gesamt|mg/dL 120 200 0|mmol/l 3.1 5.2 1
HDL cholesterol|HDL-Cholesterin|mg/dL 40 80 0|mmol/l 1.0 2.1 1
LDL cholesterol|LDL-Cholesterin|mg/dL 50 130 0|mmol/l 1.3 3.4 1
Triglycerides|Triglyzeride|mg/dL 40 150 0|mmol/l 0.5 1.7 1
"""),
    ),
    (
        "Thyroid and diabetes",
        "Schilddrüse und Diabetes",
        _panel("""
TSH|TSH basal|uIU/mL 0.40 4.20 2|mU/l 0.40 4.20 2
Free T4|fT4|ng/dL 0.80 1.80 2|pmol/l 10.3 23.2 1
Hemoglobin A1c|HbA1c|% 4.0 5.6 1|mmol/mol 20 39 0
Ferritin|Ferritin|ng/mL 30 300 0|ug/l 30 300 0
"""),
    ),
)
LABORATORIES = {
    "US": ("Harborview Clinical Laboratory", "Lakeland Diagnostics Inc.", "Juniper Hill Medical Laboratories"),
    "GB": ("Priory Pathology Services", "Northgate Diagnostic Laboratory"),
    "DE": ("MVZ Labor Rheintal GmbH", "Labor Dr. Grünewald und Kollegen", "Diagnostikzentrum Elbkontor"),
}
