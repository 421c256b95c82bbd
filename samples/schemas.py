"""Kinds of documents and the fields in their ground truth, by the names used in the whole project."""

SCHEMAS: dict[str, tuple[str, ...]] = {
    "invoice": (
        "supplier",
        "supplier_address",
        "customer",
        "invoice_number",
        "invoice_date",
        "due_date",
        "currency",
        "net_total",
        "tax_total",
        "total",
        "iban",
        "vat_id",
    ),
    "receipt": ("company", "address", "date", "total"),
    "lab_report": ("patient", "date_of_birth", "patient_id", "collected_at", "reported_at", "laboratory", "physician"),
    "discharge_letter": (
        "patient",
        "date_of_birth",
        "admission_date",
        "discharge_date",
        "hospital",
        "diagnoses",
        "physician",
        "npi",
    ),
    "identity_document": (
        "document_type",
        "surname",
        "given_names",
        "document_number",
        "nationality",
        "date_of_birth",
        "sex",
        "expiry_date",
        "mrz",
    ),
}
KINDS = tuple(SCHEMAS)
