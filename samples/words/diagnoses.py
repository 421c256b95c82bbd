"""Diagnoses with their ICD-10-CM codes and their texts in a discharge letter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Coded diagnosis; `course` is the sentence of the hospital course if it is principal, else the treatment."""

    code: str
    title: str
    course: str
    medication: str


PRINCIPAL = (
    Diagnosis(
        "I50.23",
        "Acute on chronic systolic heart failure",
        "presented with progressive dyspnea and peripheral edema. Intravenous diuresis achieved a net "
        "negative balance of 4.2 liters; oxygen was weaned by day three and echocardiography showed an "
        "ejection fraction of 35 percent",
        "Furosemide 40 mg orally once daily",
    ),
    Diagnosis(
        "J18.9",
        "Pneumonia, unspecified organism",
        "was admitted with fever, productive cough and a right lower lobe infiltrate. Ceftriaxone and "
        "azithromycin were given with defervescence within 48 hours; blood cultures remained negative",
        "Amoxicillin-clavulanate 875/125 mg twice daily for 4 days",
    ),
    Diagnosis(
        "K80.00",
        "Calculus of gallbladder with acute cholecystitis without obstruction",
        "reported right upper quadrant pain with a positive Murphy sign. An uncomplicated laparoscopic "
        "cholecystectomy was performed on the second hospital day",
        "Acetaminophen 650 mg every 6 hours as needed",
    ),
    Diagnosis(
        "I63.9",
        "Cerebral infarction, unspecified",
        "developed sudden left arm weakness and dysarthria. Imaging excluded hemorrhage; dual antiplatelet "
        "therapy was started and physical therapy began on day one with steady recovery",
        "Clopidogrel 75 mg once daily",
    ),
    Diagnosis(
        "S72.001A",
        "Fracture of unspecified part of neck of right femur, initial encounter",
        "sustained a ground level fall at home. Hemiarthroplasty was performed under spinal anesthesia and "
        "the patient was mobilized with a walker from the first postoperative day",
        "Enoxaparin 40 mg subcutaneously once daily for 28 days",
    ),
    Diagnosis(
        "N10",
        "Acute pyelonephritis",
        "presented with flank pain, chills and nausea. Urine culture grew a sensitive Escherichia coli; "
        "fever resolved under intravenous cefepime and therapy was changed to the oral route",
        "Ciprofloxacin 500 mg twice daily for 5 days",
    ),
    Diagnosis(
        "I21.4",
        "Non-ST elevation myocardial infarction",
        "was admitted with exertional chest pain and rising troponin. Coronary angiography with placement "
        "of one drug-eluting stent in the left anterior descending artery was uneventful",
        "Ticagrelor 90 mg twice daily",
    ),
    Diagnosis(
        "K57.32",
        "Diverticulitis of large intestine without perforation or abscess without bleeding",
        "described two days of left lower quadrant pain. Computed tomography showed uncomplicated "
        "inflammation of the sigmoid colon, which settled under bowel rest and antibiotics",
        "Metronidazole 500 mg three times daily for 7 days",
    ),
)
SECONDARY = (
    Diagnosis("I10", "Essential (primary) hypertension", "", "Lisinopril 10 mg once daily"),
    Diagnosis("E11.9", "Type 2 diabetes mellitus without complications", "", "Metformin 1000 mg twice daily"),
    Diagnosis("E11.65", "Type 2 diabetes mellitus with hyperglycemia", "", "Insulin glargine 14 units at bedtime"),
    Diagnosis("E78.5", "Hyperlipidemia, unspecified", "", "Atorvastatin 40 mg at bedtime"),
    Diagnosis("I48.91", "Unspecified atrial fibrillation", "", "Apixaban 5 mg twice daily"),
    Diagnosis("N18.31", "Chronic kidney disease, stage 3a", "", "Dapagliflozin 10 mg once daily"),
    Diagnosis("J44.9", "Chronic obstructive pulmonary disease, unspecified", "", "Tiotropium 18 mcg inhaled daily"),
    Diagnosis("M54.50", "Low back pain, unspecified", "", "Ibuprofen 400 mg as needed with food"),
    Diagnosis("Z87.891", "Personal history of nicotine dependence", "", "Nicotine lozenge 2 mg as needed"),
    Diagnosis("K21.9", "Gastro-esophageal reflux disease without esophagitis", "", "Pantoprazole 40 mg once daily"),
    Diagnosis("F41.1", "Generalized anxiety disorder", "", "Sertraline 50 mg once daily"),
    Diagnosis("E03.9", "Hypothyroidism, unspecified", "", "Levothyroxine 75 mcg before breakfast"),
)
UNKNOWN_CODES = ("J45.77", "I50.99", "K21.99", "N17.95", "E11.07", "I21.45", "M54.98", "F41.77")
HOSPITALS = (
    "Harborview Regional Medical Center",
    "St. Brendan Memorial Hospital",
    "Lakeland University Hospital",
    "Juniper Valley Medical Center",
)
WARDS = ("Department of Internal Medicine", "Division of Hospital Medicine", "General Medicine Service")
