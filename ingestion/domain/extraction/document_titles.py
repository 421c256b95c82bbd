"""Titles of documents ("INVOICE", "Rechnung Nr. 12", "Page 1 of 2"): lines that name a paper, never a party."""

import re

from ingestion.domain.normalize import fold

_TITLES = frozenset(
    tuple(
        (
            "invoice invoices facture factures fattura factura facturas factuur fatura faktura lasku bill statement "
            "receipt quittung recu ricevuta recibo kwitantie ticket quote quotation estimate angebot kostenvoranschlag "
            "devis preventivo presupuesto offerte orcamento proforma lieferschein ddt albaran pakbon packliste beleg "
            "mahnung zahlungserinnerung reminder storno avoir abono parcella notula honorarnote creditnota kreditnota "
            "debitnota auftragsbestatigung bestellung kontoauszug memo note nota page seite pagina blatt pages "
            "creditfactuur kreditfaktura korrekturrechnung rechnungskorrektur gutschrift laborbefund befund report "
            "rechnung kassenbon bon"
        ).split()
    )
)
_COMPOUND = re.compile(r"[a-z]+(?:rechnung|gutschrift|faktura|factuur|rechnungskorrektur)$")
_COMPANIONS = frozenset(
    tuple(
        (
            "tax vat gst sales commercial simplified original copy duplicate corrected correction final interim "
            "official credit debit credito debito debet pro forma order purchase delivery packing list confirmation "
            "no nr n num number nummer numero ref reference date dated datum vom von du del di de d'honoraires of from "
            "to and und et y e en for der the kopie copie copia originale fiscal fiscale fiscaal fattura electronica "
            "elettronica electronic kommerzielle vereinfachte simplifiee simplificada semplificata commerciale "
            "comercial rectificative rectificativa ordinaria acompte d'acompte acconto anticipo self "
            "billed billing livraison commande bolla remittance advice account cash "
        ).split()
    )
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019/.-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
MAX_TITLE_WORDS = 10


def is_title(text: str) -> bool:
    """Return whether a line is only a document's title, with its number and date."""
    found = _WORD.findall(fold(text))[: MAX_TITLE_WORDS + 1]
    words = [part for word in found for part in ([word] if _has_digit(word) else _PART.findall(word))]
    if words and all(len(word) == 1 for word in words):  # I N V O I C E
        words = ["".join(words)]
    named = any(_names_document(word) for word in words)
    return named and len(found) <= MAX_TITLE_WORDS and all(map(_is_of_title, words))


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _names_document(word: str) -> bool:
    return word in _TITLES or bool(_COMPOUND.match(word))


def _is_of_title(word: str) -> bool:
    return _names_document(word) or word in _COMPANIONS or len(word) == 1 or _has_digit(word)
