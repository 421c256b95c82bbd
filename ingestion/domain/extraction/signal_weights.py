"""Weights of the signals that order the candidates of one field: set by hand, tuned on real documents."""

from collections.abc import Mapping

SignalWeights = Mapping[str, float]

_LABELLED: SignalWeights = {
    "label": 4.0,
    "label_priority": 2.0,
    "below": -1.0,
    "distance": -1.0,
    "skipped": -1.0,
    "rival": -2.0,
}

DATE: SignalWeights = {
    **_LABELLED,
    "title": 5.0,
    "spaced": -1.5,
    "impossible": -0.3,
    "repeated": 0.8,
    "height": -1.0,
    "order": -0.5,
    "first_page": 1.0,
}
DATE_ANYWHERE: SignalWeights = {**DATE, "height": -1.5}
BIRTH_DATE: SignalWeights = {**_LABELLED, "spaced": 0.0, "height": -0.5}
MONEY: SignalWeights = {
    "misread": -2.5,
    "column_sum": 4.0,
    **_LABELLED,
    "base": -3.0,
    "exact": 4.0,
    "negative": -0.3,
    "zero": -1.0,
    "height": 0.8,
    "below": -1.5,
    "rates": 1.0,
    "one_rate": -3.0,
    "adjustment": -6.0,
}
TOTAL: SignalWeights = {
    "misread": -2.0,
    "label": 2.3,
    "label_priority": 2.4,
    "below": -1.8,
    "distance": -2.0,
    "skipped": -1.0,
    "rival": -1.6,
    "exact": 4.0,
    "negative": -1.0,
    "zero": -3.0,
    "height": 0.9,
    "paid_less_change": 2.8,
    "net_plus_tax": 1.7,
    "rounded": 2.7,
    "rounds_on": -3.0,
    "share_of_largest": 2.2,
    "payment_row": -1.8,
    "rounding_row": -3.0,
    "repeated": 1.4,
    "marked": 0.7,
    "column_sum": 4.0,
    "adjustment": -6.0,
}
IDENTIFIER: SignalWeights = {
    **_LABELLED,
    "title": 3.0,
    "marked": 2.0,
    "lead": -2.0,
    "digits": 1.0,
    "short": -1.5,
    "dated": -3.0,
    "pattern": 1.5,
    "proven": 4.0,
    "malformed": -5.0,
    "height": -0.7,
    "length": 1.0,
}
PARTY: SignalWeights = {
    "label": 0.5,
    "set_apart": 3.5,
    "small_first": -2.5,
    "form_alone": -6.0,
    "label_priority": 1.0,
    "below": -0.3,
    "distance": -2.5,
    "section": 2.5,
    "letters": 2.0,
    "short": -4.0,
    "legal_form": 1.0,
    "street": -2.0,
    "contact": -3.0,
    "heading": -3.0,
    "dated": -3.0,
    "words": -1.5,
    "colon": -2.0,
    "postal": 2.5,
    "sender_line": 1.0,
    "own_label": 2.5,
    "other_party": -4.0,
    "order": -1.0,
    "height": -0.5,
    "letterhead": 1.0,
    "organisation": 0.7,
    "size": 1.5,
    "claimed": -6.0,
    "own_words": 1.2,
    "foot": -0.8,
    "department": -2.0,
    "joined": 1.0,
}
ADDRESS: SignalWeights = {**PARTY, "letters": 0.0, "street": 1.0, "words": 0.5, "left": 0.3}
RECEIPT_NAME: SignalWeights = {
    "top": 2.3,
    "first": 1.0,
    "legal_form": 2.5,
    "organisation": 2.2,
    "street": -1.2,
    "postcode": -2.5,
    "letters": 1.5,
    "short": -1.5,
    "comma": -1.5,
    "before_registration": 1.0,
    "before_address": 0.3,
    "joined": 0.4,
    "own_words": -2.0,
    "completes": 4.0,
    "columns": -0.8,
    "unbalanced": -2.0,
    "passed": -2.0,
    "leading_digits": -0.7,
}
RECEIPT_ADDRESS: SignalWeights = {
    "missing_rows": -0.5,
    "postcode": 1.5,
    "last_like_address": 0.4,
    "street": 1.0,
    "named": 0.5,
}
DIAGNOSIS_CODES: SignalWeights = {"label": 3.0, "label_priority": 0.5, "dotted": 2.0, "listed": 0.5}
MRZ_ZONE: SignalWeights = {"zone": 5.0, "proven": 4.0, "disproved": -3.0, "whole": 1.0}
CURRENCY: SignalWeights = {
    "label": 4.0,
    "label_priority": 1.0,
    "share": 3.0,
    "by_code": 1.0,
    "distance": -0.5,
    "below": -1.0,
}
TEXT: SignalWeights = {**_LABELLED, "pattern": 3.0, "colon": -1.0, "words": -1.0, "height": -0.3}
