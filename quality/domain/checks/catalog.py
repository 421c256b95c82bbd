"""The standard register: every check that ships, with its examples."""

from functools import cache

from quality.domain.checks import (
    code_systems,
    cross_document,
    dates,
    einvoice_rules,
    identifiers,
    identity,
    image_quality,
    page_set,
    privacy,
    readability,
    several_documents,
    totals,
)
from quality.domain.checks.check import Check
from quality.domain.checks.examples import contents, related_documents, triage
from quality.domain.checks.examples import einvoice_examples as xml
from quality.domain.checks.registry import Registry

CHECKS: tuple[Check, ...] = (
    readability.ReadingConfidence(),
    readability.GarbageText(),
    readability.LanguageSupported(),
    page_set.MissingPages(),
    page_set.BlankPage(),
    page_set.UnreadPage(),
    page_set.CutOff(),
    page_set.RepeatedPage(),
    several_documents.MayHoldSeveral(),
    image_quality.Blurred(),
    image_quality.LowContrast(),
    image_quality.Skewed(),
    image_quality.LowResolution(),
    readability.RequiredFields(),
    readability.FieldUncertain(),
    totals.TotalsAddUp(),
    totals.LinesAddUp(),
    totals.PaymentAddsUp(),
    dates.DatesValid(),
    dates.DatesInOrder(),
    dates.DateNotInFuture(),
    dates.DateAmbiguous(),
    dates.NotExpired(),
    code_systems.Icd10Known(),
    code_systems.Icd10Billable(),
    code_systems.CurrencyKnown(),
    identifiers.NpiValid(),
    identifiers.IbanValid(),
    identifiers.VatValid(),
    identity.MrzCheckDigits(),
    identity.MrzAgrees(),
    identity.MrzPrinted(),
    einvoice_rules.EInvoiceReadable(),
    einvoice_rules.EInvoiceSums(),
    einvoice_rules.EInvoiceComplete(),
    einvoice_rules.EInvoiceCodes(),
    einvoice_rules.EInvoiceDiffers(),
    privacy.PiiNotAllowed(),
    cross_document.ExactDuplicate(),
    cross_document.NearDuplicate(),
    cross_document.NewerVersion(),
    cross_document.ReplacesEarlier(),
    cross_document.Contradiction(),
)


@cache
def standard_registry() -> Registry:
    """Build the standard register once; raises RegistryError when a check lacks an example."""
    examples = triage.EXAMPLES | contents.EXAMPLES | related_documents.EXAMPLES | xml.EXAMPLES
    registry = Registry()
    for check in CHECKS:
        registry.add(check, examples.get(check.id))
    return registry
