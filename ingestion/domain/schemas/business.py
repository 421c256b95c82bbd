"""Schemas of trade: invoices and receipts. The most telling labels come first, in English, German, French."""

from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec

_TOTAL = (
    "grand total", "total amount due", "amount due", "balance due", "total due", "total payable", "amount payable",
    "invoice total", "total amount payable", "total incl vat", "total including vat", "total incl tax",
    "total including tax", "gross total", "gross amount", "total gross", "bruttosumme", "rechnungssumme brutto",
    "rechnungssumme brutto inkl ust", "gesamtbetrag brutto", "bruttobetrag", "gesamtbetrag inkl mwst", "endbetrag",
    "rechnungsbetrag", "rechnungsendbetrag", "gesamtbetrag", "gesamtsumme", "zu zahlender betrag", "zu zahlen",
    "total ttc", "montant total ttc", "net a payer", "montant ttc", "total a payer", "montant du", "total general",
    "total amount", "total brutto", "amount total", "rechnungssumme", "zahlbetrag", "summe brutto",
    "total", "summe", "gesamt",
)  # fmt: skip
_NET = (
    "net total", "subtotal", "sub total", "sub-total", "total net", "net amount", "total excl vat",
    "total excluding vat", "total before tax", "total excl tax", "amount before tax", "taxable amount",
    "rechnungssumme ohne ust", "rechnungssumme netto", "rechnungssumme netto excl ust", "nettosumme",
    "nettobetrag",
    "gesamtbetrag netto", "summe netto", "gesamt netto", "netto gesamt", "zwischensumme", "total netto",
    "gesamtnettobetrag", "nettowert", "netto", "warenwert netto", "total ht", "montant ht", "total hors taxes",
    "montant total ht", "sous-total", "sous total ht", "positionssumme", "net",
)  # fmt: skip
_TAX = (
    "total tax", "tax total", "total vat", "vat total", "vat amount", "tax amount", "sales tax", "total gst",
    "gst amount", "steuerbetrag", "gesamt ust", "ust gesamt", "summe ust", "summe mwst", "mwst gesamt",
    "mwst betrag",
    "mwst-betrag", "ust-betrag", "umsatzsteuer gesamt",
    "mehrwertsteuer gesamt", "gesamtumsatzsteuer", "total des taxes", "taxes", "umsatzsteuer", "mehrwertsteuer",
    "zzgl ust", "zzgl mwst", "zuzuglich umsatzsteuer",
    "zzgl umsatzsteuer", "total taxes", "total tva", "montant tva", "tva", "mwst", "ust", "vat", "gst", "tax",
)  # fmt: skip

INVOICE = SchemaSpec(
    key="invoice",
    title="Invoice",
    keywords=(
        "invoice", "rechnung", "facture", "invoice number", "invoice no", "invoice date", "due date", "bill to",
        "rechnungsnummer", "rechnungsdatum", "handelsrechnung", "numero de facture", "date de facture", "iban",
        "payment terms", "zahlbar", "net amount", "subtotal", "credit note", "avoir",
        "gutschrift", "bill of supply", "purchase order",
    ),
    fields=(
        FieldSpec("supplier", "Supplier", FieldKind.PARTY, (
            "supplier", "seller", "vendor", "issued by", "from", "absender", "rechnungssteller",
            "rechnungsersteller",
            "verkaufer",
            "lieferant", "fournisseur", "vendeur", "emetteur"), required=True, position="top"),
        FieldSpec("supplier_address", "Supplier address", FieldKind.ADDRESS, (
            "supplier address", "seller address", "vendor address"), material=False, position="top"),
        FieldSpec("customer", "Customer", FieldKind.PARTY, (
            "bill to", "billed to", "invoice to", "sold to", "customer", "client", "buyer", "rechnungsempfanger",
            "rechnung an", "kaufer", "kaufer/leistungsempfanger", "leistungsempfanger", "kunde", "empfanger",
            "facture a", "destinataire", "acheteur"), position="top"),
        FieldSpec("invoice_number", "Invoice number", FieldKind.IDENTIFIER, (
            "invoice number", "invoice no", "invoice nr", "invoice id", "invoice #", "inv no", "rechnungsnummer",
            "rechnungs-nr", "rechnung nr", "rechnungsnr", "rechnung no", "rechnung nummer", "belegnummer",
            "beleg-nr",
            "gutschriftnummer", "numero de facture", "no de facture", "n de facture", "facture no", "facture n",
            "facture numero", "credit note no", "credit note number", "document number", "bill no",
            "tax invoice no",
            "versicherungsscheinnummer"), required=True, position="top"),
        FieldSpec("invoice_date", "Invoice date", FieldKind.DATE, (
            "invoice date", "date of invoice", "tax point", "date of issue", "issue date", "issued on", "issued",
            "rechnungsdatum", "belegdatum", "beleg-datum", "ausstellungsdatum", "date de facture",
            "date de facturation", "date d'emission", "date facture", "rechnung vom", "bill date", "datum", "date",
            "le", "vom"), required=True, position="top"),
        FieldSpec("due_date", "Due date", FieldKind.DATE, (
            "due date", "payment due", "date due", "due on", "due by", "pay by", "payable by", "due",
            "falligkeitsdatum", "fallig am", "fallig bis", "zahlbar bis", "zahlungsziel", "falligkeit",
            "zahlungsfrist", "netto bis", "uberweisen sie bis zum", "bis zum", "date d'echeance", "echeance",
            "payable le", "payable avant le", "a payer avant le", "date limite de paiement", "a regler avant le",
            "a regler le",
            "please pay by", "pay before", "remit until", "faellig"), material=False),
        FieldSpec("currency", "Currency", FieldKind.CURRENCY, (
            "currency", "wahrung", "devise", "monnaie", "betrage in", "all amounts in", "montants en")),
        FieldSpec("net_total", "Net total", FieldKind.MONEY, _NET, position="bottom"),
        FieldSpec("tax_total", "Tax total", FieldKind.MONEY, _TAX, position="bottom"),
        FieldSpec("total", "Total", FieldKind.MONEY, _TOTAL, required=True, position="bottom"),
        FieldSpec("iban", "IBAN", FieldKind.IDENTIFIER, ("iban", "iban-nr", "iban no", "iban nr"), pattern=(
            r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")),
        FieldSpec("vat_id", "Supplier VAT ID", FieldKind.IDENTIFIER, (
            "vat id", "vat reg no", "vat registration number", "vat registration no", "vat number", "vat no",
            "vat reg", "ust-idnr", "ust-id-nr", "ust-identnr", "ust-id", "ustid", "umsatzsteuer-id",
            "umsatzsteuer-identifikationsnummer", "uid-nr", "uid", "mwst-nr", "tva intracommunautaire",
            "numero de tva",
            "n tva", "no tva", "tva intra", "numero tva", "tva"), pattern=r"[A-Z]{2,3}[A-Z0-9.\-]{7,14}"),
    ),
)  # fmt: skip

RECEIPT = SchemaSpec(
    key="receipt",
    title="Receipt",
    keywords=(
        "receipt", "cash", "change", "rounding", "cashier", "thank you", "please come again", "tax invoice",
        "simplified tax invoice", "gst summary", "total qty", "goods sold", "quittung", "kassenbon", "beleg",
        "wechselgeld", "ruckgeld", "bar", "vielen dank", "ticket de caisse", "ticket", "rendu", "especes", "merci",
        "terminal", "visa", "mastercard", "maestro", "tendered", "qty", "item", "store", "filiale",
        "served by",
        "card", "karte", "kasse", "es bediente sie", "bon-nr", "bon", "posten", "caisse", "carte", "articles",
        "hote",
        "a bientot", "besuch", "visite", "your visit", "receipt no", "open daily",
    ),
    fields=(
        FieldSpec("company", "Company", FieldKind.PARTY, (), required=True, position="top"),
        FieldSpec("address", "Address", FieldKind.ADDRESS, (), material=False, position="top"),
        FieldSpec("date", "Date", FieldKind.DATE, (
            "invoice date", "receipt date", "transaction date", "bill date", "date/time", "date & time",
            "date time",
            "inv no/date", "sales date", "date", "datum", "tarikh", "le", "dt"), required=True),
        FieldSpec("total", "Total", FieldKind.MONEY, (
            "grand total", "total rounded", "rounded total", "total after rounding", "final total", "nett total",
            "net total", "total payable", "amount payable", "total amount payable", "net amount payable",
            "total due",
            "amount due", "balance due", "total amount due", "total rm inclusive of gst", "total rm incl of gst",
            "total rm including gst", "total rm incl gst", "total inclusive of gst", "total inclusive gst",
            "total incl of gst", "total incl gst", "total including gst", "total including gst 6%",
            "total sales inclusive of gst", "total sales inclusive gst", "total sales incl gst",
            "total amount inclusive of gst", "total amount incl gst", "total amt incl gst", "total amt inc gst",
            "total with gst", "total w gst", "amount incl gst", "total nett", "net amt", "nett amount",
            "net amount",
            "amt paid incl gst", "bill total", "total bill", "total inc gst", "total inc tax", "total incl tax",
            "total including tax", "total amount", "total amt", "amount total", "total rm", "total sales",
            "total myr", "total price", "to pay", "endbetrag", "gesamtbetrag", "gesamtsumme", "zu zahlen",
            "rechnungsbetrag",
            "total ttc", "net a payer", "montant total", "total a payer", "montant du", "summe eur", "total eur",
            "total chf", "jumlah", "total", "summe", "gesamt", "amount"), required=True, position="bottom"),
    ),
)  # fmt: skip
