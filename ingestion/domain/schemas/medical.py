"""Schemas of medicine: laboratory reports and discharge letters, labelled in English, German and French."""

from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec

_PATIENT = (
    "patient name", "name of patient", "patient's name", "patientenname", "name des patienten", "nom du patient",
    "patient", "patientin", "pat name", "patient/in",
)  # fmt: skip
_BIRTH = (
    "date of birth", "birth date", "birthdate", "dob", "d.o.b.", "born on", "born", "geburtsdatum", "geb datum",
    "geboren am", "geb am", "geb", "date de naissance", "ne le", "nee le", "ne(e) le",
)  # fmt: skip
_PHYSICIAN = (
    "ordering physician", "attending physician", "referring physician", "ordering provider", "ordered by",
    "requesting physician", "discharging physician", "attending", "physician", "doctor", "provider",
    "einsender", "einsendender arzt", "behandelnder arzt", "behandelnde arztin", "uberweisender arzt",
    "verantwortlicher arzt", "oberarzt", "chefarzt", "arzt", "arztin", "medecin prescripteur", "medecin traitant",
    "medecin", "prescripteur", "praticien",
)  # fmt: skip

LAB_REPORT = SchemaSpec(
    key="lab_report",
    title="Laboratory report",
    keywords=(
        "laboratory report", "lab report", "laboratory", "reference range", "reference interval", "specimen",
        "collected", "reported", "result", "units", "flag", "hemoglobin", "glucose", "laborbefund", "labor",
        "referenzbereich", "entnahme", "probe", "befund", "compte rendu d'analyses", "laboratoire", "prelevement",
        "valeurs de reference", "analyses", "mmol/l", "mg/dl",
    ),
    fields=(
        FieldSpec("patient", "Patient", FieldKind.PARTY, _PATIENT, required=True, position="top"),
        FieldSpec("date_of_birth", "Date of birth", FieldKind.DATE, _BIRTH, position="top"),
        FieldSpec("patient_id", "Patient ID", FieldKind.IDENTIFIER, (
            "patient id", "patient no", "patient number", "patient identifier", "medical record number", "mrn",
            "patienten-id", "patientennummer", "patienten-nr", "fallnummer", "numero patient", "n patient",
            "identifiant patient", "identifiant", "no dossier", "ipp"), position="top"),
        FieldSpec("collected_at", "Collected on", FieldKind.DATE, (
            "collection date", "date collected", "collected on", "collected at", "date of collection",
            "specimen collected", "collected", "sample date", "sampled", "drawn", "entnahmedatum",
            "probenentnahme",
            "abnahmedatum", "entnommen am", "entnahme am", "entnahme", "abnahme", "date de prelevement",
            "preleve le", "prelevement du", "prelevement")),
        FieldSpec("reported_at", "Reported on", FieldKind.DATE, (
            "report date", "date reported", "reported on", "reported at", "date of report", "reported", "issued",
            "result date", "befunddatum", "berichtsdatum", "befund vom", "ausgang", "endbefund",
            "date du compte rendu", "date du rapport", "edite le", "date d'edition", "rendu le", "valide le"),
            required=True),
        FieldSpec("laboratory", "Laboratory", FieldKind.PARTY, (
            "performing laboratory", "performing lab", "performed by", "performed at", "laboratory name",
            "laboratory", "labor", "laboratoire"), position="top"),
        FieldSpec("physician", "Physician", FieldKind.PARTY, _PHYSICIAN, material=False),
    ),
)  # fmt: skip

DISCHARGE_LETTER = SchemaSpec(
    key="discharge_letter",
    title="Discharge letter",
    keywords=(
        "discharge summary", "discharge letter", "discharge date", "admission date", "admitted", "discharged",
        "diagnosis", "diagnoses", "icd-10", "hospital course", "medications on discharge", "follow-up",
        "entlassungsbrief", "entlassungsbericht", "arztbrief", "aufnahmedatum", "entlassungsdatum", "diagnosen",
        "stationar", "epikrise", "lettre de sortie", "compte rendu d'hospitalisation", "date d'admission",
        "date de sortie", "diagnostics", "npi", "dear colleague", "history of present illness",
    ),
    fields=(
        FieldSpec("patient", "Patient", FieldKind.PARTY, (*_PATIENT, "re",
            "betreff"), required=True, position="top"),
        FieldSpec("date_of_birth", "Date of birth", FieldKind.DATE, _BIRTH, position="top"),
        FieldSpec("admission_date", "Admission", FieldKind.DATE, (
            "admission date", "date of admission", "date admitted", "admitted on", "admitted", "admission",
            "aufnahmedatum", "aufnahme am", "aufgenommen am", "aufnahme", "stationar vom", "date d'admission",
            "date d'entree", "admis le", "hospitalise du", "entree le", "entree")),
        FieldSpec("discharge_date", "Discharge", FieldKind.DATE, (
            "discharge date", "date of discharge", "date discharged", "discharged on", "discharged", "discharge",
            "entlassungsdatum", "entlassdatum", "entlassung am", "entlassen am", "entlassung", "date de sortie",
            "sorti le", "sortie le", "sortie"), required=True),
        FieldSpec("hospital", "Hospital", FieldKind.PARTY, (
            "hospital", "facility", "clinic", "krankenhaus", "klinik", "hopital", "etablissement",
            "centre hospitalier"),
            position="top"),
        FieldSpec("diagnoses", "Diagnoses (ICD-10)", FieldKind.CODE_LIST, (
            "diagnoses", "diagnosis", "discharge diagnoses", "principal diagnosis", "secondary diagnoses",
            "icd-10 codes", "icd-10", "icd", "diagnosen", "diagnose", "hauptdiagnose", "nebendiagnosen",
            "diagnostics",
            "diagnostic principal", "diagnostic")),
        FieldSpec("physician", "Physician", FieldKind.PARTY, _PHYSICIAN, material=False),
        FieldSpec("npi", "Physician's NPI", FieldKind.IDENTIFIER, (
            "npi", "npi number", "npi no", "national provider identifier"), pattern=r"[12]\d{9}"),
    ),
)  # fmt: skip
