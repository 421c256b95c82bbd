"""The schema of passports and identity cards, labelled in English, German and French."""

from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec

IDENTITY_DOCUMENT = SchemaSpec(
    key="identity_document",
    title="Identity document",
    keywords=(
        "passport", "identity card", "reisepass", "personalausweis", "passeport", "carte nationale d'identite",
        "carte d'identite", "identity document", "residence permit", "aufenthaltstitel", "titre de sejour",
        "nationality", "staatsangehorigkeit", "nationalite", "surname", "given names", "date of expiry",
        "place of birth", "geburtsort", "authority", "driving licence",
    ),
    fields=(
        FieldSpec("document_type", "Document type", FieldKind.TEXT, ("type", "document type", "typ", "code"),
                  material=False, pattern=r"[A-Z<]{1,2}"),
        FieldSpec("surname", "Surname", FieldKind.PARTY, (
            "surname", "last name", "family name", "name", "familienname", "nachname", "nom de famille", "nom"),
            required=True),
        FieldSpec("given_names", "Given names", FieldKind.PARTY, (
            "given names", "given name", "first names", "first name", "forenames", "vornamen", "vorname",
            "prenoms",
            "prenom"), required=True),
        FieldSpec("document_number", "Document number", FieldKind.IDENTIFIER, (
            "document number", "document no", "passport number", "passport no", "card no", "card number",
            "identity card no", "reisepass-nr", "pass-nr", "passnummer", "ausweisnummer", "ausweis-nr",
            "dokumentennummer", "seriennummer", "numero de document", "no du passeport", "n du passeport",
            "passeport no", "numero du passeport", "numero de carte", "no"), required=True),
        FieldSpec("nationality", "Nationality", FieldKind.TEXT, (
            "nationality", "staatsangehorigkeit", "nationalite")),
        FieldSpec("date_of_birth", "Date of birth", FieldKind.DATE, (
            "date of birth", "birth date", "geburtsdatum", "geburtstag", "geboren am", "date de naissance",
            "ne le"),
            required=True),
        FieldSpec("sex", "Sex", FieldKind.TEXT, ("sex", "gender", "geschlecht", "sexe"), material=False,
                  pattern=r"[MFXW<]"),
        FieldSpec("expiry_date", "Date of expiry", FieldKind.DATE, (
            "date of expiry", "expiry date", "expires on", "date of expiration", "valid until", "expiry",
            "gultig bis", "ablaufdatum", "date d'expiration", "expire le", "valable jusqu'au"), required=True),
        FieldSpec("mrz", "Machine readable zone", FieldKind.MRZ, (), position="bottom"),
    ),
)  # fmt: skip
