"""Fixed set of a new installation: every kind, both sources, each deliberate flaw once."""

from dataclasses import replace

from samples.flaws import XML_FLAW
from samples.plans import SamplePlan

DEMONSTRATION_SEED = 2025


def demonstration_plans(seed: int) -> list[SamplePlan]:
    """Return the plans of the set; an original always precedes the documents that refer to it."""
    german = SamplePlan(
        "invoice", seed, 1, "01-invoice-german", scan=False, country="DE", template="letter", long=False
    )
    british = SamplePlan(
        "invoice",
        seed,
        2,
        "04-invoice-scanned",
        scan=True,
        country="GB",
        template="band",
        long=False,
        profile="office",
        extension="pdf",
    )
    french = SamplePlan(
        "invoice",
        seed,
        3,
        "06-invoice-wrong-total",
        scan=False,
        flaws=("total_mismatch",),
        country="FR",
        template="ledger",
        long=True,
    )
    return [
        german,
        replace(german, name="02-invoice-german-again", flaws=("exact_duplicate",), original=german.name),
        replace(german, name="03-invoice-german-revised", flaws=("newer_version",), original=german.name),
        british,
        replace(british, name="05-invoice-contradicting", flaws=("contradiction",), original=british.name, scan=False),
        french,
        SamplePlan(
            "receipt",
            seed,
            4,
            "07-receipt-photographed",
            scan=True,
            country="MY",
            template="cash_bill",
            profile="photo",
        ),
        SamplePlan("receipt", seed, 5, "08-receipt-electronic", scan=False, country="DE", template="grocery"),
        SamplePlan("lab_report", seed, 6, "09-laboratory-report", scan=False, country="DE", template="gauges"),
        SamplePlan(
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
        SamplePlan(
            "discharge_letter",
            seed,
            8,
            "11-discharge-letter-unknown-code",
            scan=False,
            flaws=("unknown_icd_code",),
            template="form",
        ),
        SamplePlan(
            "discharge_letter",
            seed,
            9,
            "12-discharge-letter-scanned",
            scan=True,
            template="letter",
            profile="worn",
            extension="pdf",
        ),
        SamplePlan(
            "identity_document",
            seed,
            10,
            "13-passport-scanned",
            scan=True,
            template="passport",
            profile="blurred",
            extension="jpg",
        ),
        SamplePlan(
            "identity_document",
            seed,
            11,
            "14-identity-card-failing-zone",
            scan=False,
            flaws=("mrz_check_digit",),
            template="card",
        ),
        SamplePlan(
            "invoice",
            seed,
            12,
            "15-e-invoice-another-total-on-its-page",
            scan=False,
            flaws=(XML_FLAW,),
            country="DE",
            template="band",
            long=False,
            xml=True,
        ),
    ]
