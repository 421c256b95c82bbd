"""The standard register: every check that ships, with its examples."""

from functools import cache

from quality.domain.checks import (
    codes,
    dates,
    einvoices,
    framing,
    identifiers,
    identity,
    legibility,
    neighbours,
    privacy,
    reading,
    splitting,
    totals,
)
from quality.domain.checks.check import Check
from quality.domain.checks.examples import beside, contents, triage
from quality.domain.checks.examples import einvoices as xml
from quality.domain.checks.registry import Registry

CHECKS: tuple[Check, ...] = (
    reading.ReadingConfidence(),
    reading.GarbageText(),
    reading.LanguageSupported(),
    framing.MissingPages(),
    framing.BlankPage(),
    framing.UnreadPage(),
    framing.CutOff(),
    framing.RepeatedPage(),
    splitting.MayHoldSeveral(),
    legibility.Blurred(),
    legibility.LowContrast(),
    legibility.Skewed(),
    legibility.LowResolution(),
    reading.RequiredFields(),
    reading.FieldUncertain(),
    totals.TotalsAddUp(),
    totals.LinesAddUp(),
    totals.PaymentAddsUp(),
    dates.DatesValid(),
    dates.DatesInOrder(),
    dates.DateNotInFuture(),
    dates.DateAmbiguous(),
    dates.NotExpired(),
    codes.Icd10Known(),
    codes.Icd10Billable(),
    codes.CurrencyKnown(),
    identifiers.NpiValid(),
    identifiers.IbanValid(),
    identifiers.VatValid(),
    identity.MrzCheckDigits(),
    identity.MrzAgrees(),
    identity.MrzPrinted(),
    einvoices.EInvoiceReadable(),
    einvoices.EInvoiceSums(),
    einvoices.EInvoiceComplete(),
    einvoices.EInvoiceCodes(),
    einvoices.EInvoiceDiffers(),
    privacy.PiiNotAllowed(),
    neighbours.ExactDuplicate(),
    neighbours.NearDuplicate(),
    neighbours.NewerVersion(),
    neighbours.ReplacesEarlier(),
    neighbours.Contradiction(),
)


@cache
def standard_registry() -> Registry:
    """Build the standard register once; raises RegistryError when a check lacks an example."""
    examples = triage.EXAMPLES | contents.EXAMPLES | beside.EXAMPLES | xml.EXAMPLES
    registry = Registry()
    for check in CHECKS:
        registry.add(check, examples.get(check.id))
    return registry
