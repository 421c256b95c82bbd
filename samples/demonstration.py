"""The fixed set that a new installation shows: every kind, both sources, each deliberate flaw once."""

from dataclasses import replace

from samples.flaws import OF_XML
from samples.plans import Plan

DEMONSTRATION_SEED = 2025


def demonstration_plans(seed: int) -> list[Plan]:
    """Plan the set; an original always comes before the documents that refer to it."""
    german = Plan("invoice", seed, 1, "01-invoice-german", scan=False, country="DE", template="letter", long=False)
    british = Plan("invoice", seed, 2, "04-invoice-scanned", scan=True, country="GB", template="band", long=False,
                   profile="office", extension="pdf")  # fmt: skip
    french = Plan("invoice", seed, 3, "06-invoice-wrong-total", scan=False, flaws=("total_mismatch",),
                  country="FR", template="ledger", long=True)  # fmt: skip
    return [
        german,
        replace(german, name="02-invoice-german-again", flaws=("exact_duplicate",), original=german.name),
        replace(german, name="03-invoice-german-revised", flaws=("newer_version",), original=german.name),
        british,
        replace(
            british, name="05-invoice-contradicting", flaws=("contradiction",), original=british.name, scan=False
        ),
        french,
        Plan(
            "receipt",
            seed,
            4,
            "07-receipt-photographed",
            scan=True,
            country="MY",
            template="cash_bill",
            profile="photo",
        ),
        Plan("receipt", seed, 5, "08-receipt-electronic", scan=False, country="DE", template="grocery"),
        Plan("lab_report", seed, 6, "09-laboratory-report", scan=False, country="DE", template="gauges"),
        Plan(
            "lab_report",
            seed,
            7,
            "10-laboratory-report-impossible-date",
            scan=True,
            flaws=("impossible_date",),
            country="US",
            template="ruled",
            profile="low_contrast",
            extension="png",
        ),
        Plan(
            "discharge_letter",
            seed,
            8,
            "11-discharge-letter-unknown-code",
            scan=False,
            flaws=("unknown_icd_code",),
            template="form",
        ),
        Plan(
            "discharge_letter",
            seed,
            9,
            "12-discharge-letter-scanned",
            scan=True,
            template="letter",
            profile="worn",
            extension="pdf",
        ),
        Plan(
            "identity_document",
            seed,
            10,
            "13-passport-scanned",
            scan=True,
            template="passport",
            profile="blurred",
            extension="jpg",
        ),
        Plan(
            "identity_document",
            seed,
            11,
            "14-identity-card-failing-zone",
            scan=False,
            flaws=("mrz_check_digit",),
            template="card",
        ),
        Plan(
            "invoice",
            seed,
            12,
            "15-e-invoice-another-total-on-its-page",
            scan=False,
            flaws=(OF_XML,),
            country="DE",
            template="band",
            long=False,
            xml=True,
        ),
    ]
