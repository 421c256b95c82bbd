"""Labels on the pages: printed words that precede a value ("Invoice No.", "Rechnungsdatum", "Total")."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz import fuzz, process

from ingestion.domain.layout.text_rows import DocumentRows, TextRow
from ingestion.domain.normalize import currencies_of, fold
from ingestion.domain.schemas.fields import SchemaSpec

FUZZY_MIN_LETTERS = 6  # letters: a single misread letter turns shorter labels into one another
FUZZY_CUTOFF = 84.0

# Labels that no schema asks for: they end a value, and they keep a shorter label from matching inside.
OTHER_LABELS = tuple(
    (
        "tel|telephone|phone|telefon|fon|fax|telefax|mobile|mobil|hp|email|e-mail|website|web|www|http|page|seite|"
        "time|zeit|uhrzeit|heure|cashier|kassierer|caissier|salesperson|served by|operator|table|tisch|pax|member|"
        "ref|ref no|reference|referenz|your reference|votre reference|ihr zeichen|gst id|gst id no|gst no|gst reg no|"
        "gst registration no|co reg no|company reg no|reg no|steuernummer|steuer-nr|handelsregister|"
        "handelsregisternummer|siret|siren|bic|swift|blz|kontonummer|kontonr|bankname|account no|account number|"
        "sort code|gln|customer no|customer number|customer id|kundennummer|kunden-nr|kunden nr|numero client|"
        "n client|order no|order number|order date|bestellnummer|bestell-nr|bestelldatum|bestell-datum|bestellung|"
        "po number|purchase order|delivery date|date of delivery|lieferdatum|liefertermin|leistungsdatum|"
        "leistungs-datum|liefer- und leistungsdatum|lieferschein-datum|lieferscheinnr|lieferschein-nr|"
        "date de livraison|print date|printed on|druckdatum|expiry date of card|sub total|subtotal|sub-total|"
        "zwischensumme|sous-total|total qty|total quantity|total item|total items|total discount|total savings|"
        "total saving|total disc|total excl gst|total excluding gst|total sales excluding gst|total sales excl gst|"
        "total amt excl gst|total amount excluding gst|total amount excl gst|total before gst|total before tax|"
        "total without gst|total net of gst|total gst|total tax|total paid|total tendered|total payment|total points|"
        "total service charge|total change|total rounding|change|change due|cash|cash tendered|tendered|rounding|"
        "rounding adj|rounding adjustment|round adj|discount|rabatt|remise|balance due from|wechselgeld|ruckgeld|bar|"
        "gegeben|visa|mastercard|qty|quantity|menge|quantite|item|items|description|beschreibung|designation|price|"
        "unit price|einzelpreis|prix|gst summary|tax summary|tax code|notes|bemerkung|bemerkungen|betreff|inhalt|"
        "name|nummer|globale nummer|anschrift|adresse|address|ansprechpartner|contact|contact person|abteilung|"
        "department|ward|station|room|mrn|specimen|sample|method|result|unit|units|reference range|referenzbereich|"
        "flag|auftrag|geschlecht|sex|age|alter|untersuchung|ergebnis|test|einheit|phone|your order|ihre bestellung|"
        "votre commande|your contact|ihr kontakt|votre contact|suivi par|ship to|deliver to|delivery address|"
        "lieferadresse|lieferanschrift|warenempfanger|adresse de livraison|incoterms|customer no|code client|account|"
        "bank details|payment details|bankverbindung|coordonnees bancaires|contact commercial|conditions de paiement|"
        "hospital course|clinical course|final report|endbefund|place of birth|geburtsort|lieu de naissance|height|"
        "grosse|taille|authority|behorde|autorite|date of issue|ausstellungsdatum|rechnungszeitraum|"
        "leistungszeitraum|abrechnungszeitraum|zeitraum|billing period|service period|period|periode|stand|"
        "versicherungsbeginn|versicherungsablauf|payment terms|terms|zahlungsbedingungen|conditions de paiement|"
        "signature|unterschrift"
    ).split("|")
)


@dataclass(frozen=True, slots=True)
class LabelHit:
    """Label found at `row.text[start:stop]`; `field` is None for a label that no field asks for."""

    field: str | None
    row: TextRow
    start: int
    stop: int
    score: float  # 0..1: how much of the label was read
    length: int  # letters of the label: a longer one is more specific
    priority: float = 0.0  # 1 for the first of a field's labels, towards 0 for the last


@dataclass(frozen=True, slots=True)
class _Label:
    field: str | None
    compact: str
    priority: float = 0.0
    fuzzy: bool = False


@dataclass(frozen=True, slots=True)
class _CompactText:
    """Letters and digits of a row, and their positions."""

    text: str
    positions: tuple[int, ...]


def _compact(row: TextRow) -> _CompactText:
    positions = tuple(index for index, character in enumerate(row.folded) if character.isalnum())
    return _CompactText("".join(row.folded[index] for index in positions), positions)


def compact_label(label: str) -> str:
    """Return a label's folded letters and digits."""
    return "".join(character for character in fold(label) if character.isalnum())


def _long_at_both_ends(label: str) -> bool:
    """Return whether a label may be matched with misread letters: "facture n" would match any "facture"."""
    words = label.split()
    return len(compact_label(label)) >= FUZZY_MIN_LETTERS and min(len(words[0]), len(words[-1])) > 2


@lru_cache(maxsize=256)
def _labels_by_field(schema: SchemaSpec) -> tuple[tuple[_Label, ...], ...]:
    wanted = [
        _Label(spec.name, compact_label(label), 1.0 - index / len(spec.labels), fuzzy=_long_at_both_ends(label))
        for spec in schema.fields
        for index, label in enumerate(spec.labels)
    ]
    taken = {label.compact for label in wanted}
    others = [_Label(None, text) for text in dict.fromkeys(map(compact_label, OTHER_LABELS)) if text not in taken]
    named = (label for label in [*wanted, *others] if label.compact)
    return tuple(tuple(group) for _, group in groupby(named, key=lambda label: label.field))


def _bounded(row: TextRow, start: int, stop: int) -> bool:
    """Return whether the label begins and ends like a word within one column; in "TotalRM9.00" one ends too."""
    if (start and row.folded[start - 1].isalnum()) or "\t" in row.text[start:stop]:
        return False
    if start > 1 and row.text[start - 1] == "-" and row.text[start - 2].isalnum():  # the end of a longer word
        return False
    rest = row.text[stop : stop + 4]
    if rest[:1] == "-" and rest[1:2].isalnum():  # "MRN-514553" is a value, "Total-Excl-GST" another label
        return False
    if not rest or not rest[0].isalpha():
        return True
    return any(currencies_of(rest[:size]) and not rest[size : size + 1].isalpha() for size in (1, 2, 3))


def _exact(label: _Label, row: TextRow, compact: _CompactText) -> Iterable[LabelHit]:
    at = compact.text.find(label.compact)
    while at >= 0:
        start, stop = compact.positions[at], compact.positions[at + len(label.compact) - 1] + 1
        if _bounded(row, start, stop):
            yield LabelHit(label.field, row, start, stop, 1.0, len(label.compact), label.priority)
        at = compact.text.find(label.compact, at + 1)


def _fuzzy(label: _Label, row: TextRow, compact: _CompactText) -> LabelHit | None:
    if len(compact.text) < len(label.compact) - 1:
        return None
    found = fuzz.partial_ratio_alignment(label.compact, compact.text, score_cutoff=FUZZY_CUTOFF)
    if found is None or found.dest_end <= found.dest_start:
        return None
    start, stop = compact.positions[found.dest_start], compact.positions[found.dest_end - 1] + 1
    opposite = ("excl" in row.folded[start:stop]) != ("excl" in label.compact)
    if opposite or _ends_in_number(compact.text[found.dest_start : found.dest_end], label.compact):
        return None
    if not _bounded(row, start, stop):
        return None
    return LabelHit(label.field, row, start, stop, found.score / 100, len(label.compact), label.priority)


def _ends_in_number(text: str, label: str) -> bool:
    """Return whether a number was taken for the end of a label: "umsatzsteuer 19" for "umsatzsteuer-id"."""
    return text[-2:].isdigit() and not label[-2:].isdigit()


def _overlap(one: LabelHit, other: LabelHit) -> bool:
    return one.start < other.stop and other.start < one.stop


def _resolve(hits: Sequence[LabelHit]) -> list[LabelHit]:
    """Keep the longest label where several overlap; the same words may be labels of two fields."""
    kept: list[LabelHit] = []
    for hit in sorted(hits, key=lambda each: (-each.score * each.length, each.start)):
        clashing = [other for other in kept if _overlap(hit, other)]
        if all((other.start, other.stop) == (hit.start, hit.stop) and other.field != hit.field for other in clashing):
            kept.append(hit)
    return sorted(kept, key=lambda each: each.start)


def _misread(labels: Sequence[_Label], row: TextRow, compact: _CompactText) -> Iterable[LabelHit]:
    """Yield the labels that occur in a row with misread letters; one call compares all of them."""
    possible = [label for label in labels if label.fuzzy]
    texts = [label.compact for label in possible]
    close = process.extract(compact.text, texts, scorer=fuzz.partial_ratio, score_cutoff=FUZZY_CUTOFF, limit=None)
    for at in sorted(at for _, _, at in close):
        hit = _fuzzy(possible[at], row, compact)
        if hit:
            yield hit


def _in_row(groups: Sequence[Sequence[_Label]], row: TextRow) -> list[LabelHit]:
    compact = _compact(row)
    if not any(character.isalpha() for character in compact.text):
        return []
    hits: list[LabelHit] = []
    for wanted in groups:
        exact = [hit for label in wanted if label.compact in compact.text for hit in _exact(label, row, compact)]
        if not exact and wanted[0].field is not None:
            exact = list(_misread(wanted, row, compact))
        hits.extend(exact)
    return _resolve([hit for hit in hits if hit.score == 1 or not _is_inside_printed(hit, hits)])


def _is_inside_printed(misread: LabelHit, hits: Sequence[LabelHit]) -> bool:
    """Return whether the words of a label with misread letters are another label, or a part of one, as printed."""
    return any(hit.score == 1 and hit.start <= misread.start and misread.stop <= hit.stop for hit in hits)


def find_labels(doc: DocumentRows, schema: SchemaSpec) -> dict[int, tuple[LabelHit, ...]]:
    """Return the labels of each row by the row's index, left to right."""
    groups = _labels_by_field(schema)
    return {row.index: tuple(_in_row(groups, row)) for row in doc.rows}
