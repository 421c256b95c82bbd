"""Hybrid invoices: page and XML agree, or differ in the total only if requested."""

import io

import pikepdf
import pytest

from ingestion.adapters.formats.einvoice.schematron import OfficialRules
from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice.mapping import einvoice_values
from ingestion.domain.einvoice.model import EInvoiceProfile
from ingestion.domain.einvoice.parsing import parse_einvoice
from ingestion.domain.einvoice.rules import broken_sums, missing_terms, unlisted_codes
from quality.domain.currencies import CURRENCIES
from samples.flaws import XML_FLAW
from samples.generate import make_document
from samples.plans import batch_plans, with_xml
from samples.sample import Sample
from tests.unit.samples.sample_content import fields_of

SEED = 71


def xml_in(sample: Sample) -> bytes:
    with pikepdf.open(io.BytesIO(sample.content)) as document:
        (spec,) = document.Root.AF
        assert spec.AFRelationship == pikepdf.Name.Alternative
        return bytes(document.attachments["factur-x.xml"].get_file().read_bytes())


@pytest.mark.parametrize("index", range(8))
def test_hybrid_xml_equals_printed_values(index: int) -> None:
    sample = make_document("invoice", seed=SEED, index=index, scan=False, xml=True)
    invoice = parse_einvoice(read_xml(xml_in(sample)))
    assert invoice.profile is EInvoiceProfile.EN16931
    assert (broken_sums(invoice), missing_terms(invoice), unlisted_codes(invoice, CURRENCIES)) == ((), (), ())
    report = OfficialRules(kind="plain").check(xml_in(sample), invoice)
    assert report
    assert report.violations == ()
    said = einvoice_values(invoice)
    printed = {name: field["normalized"] for name, field in fields_of(sample).items()}
    assert sample.truth["xml"] == printed
    assert said | {"supplier_address": said["supplier_address"].replace("\n", ", ")} == printed
    assert sample.content == make_document("invoice", seed=SEED, index=index, scan=False, xml=True).content


@pytest.mark.parametrize("index", range(4))
def test_hybrid_mismatch_flaw_changes_total_only(index: int) -> None:
    sample = make_document("invoice", seed=SEED, index=index, scan=False, xml=True, flaws=(XML_FLAW,))
    xml_values = sample.truth["xml"]
    assert isinstance(xml_values, dict)
    printed = {name: field["normalized"] for name, field in fields_of(sample).items()}
    assert {name for name in xml_values if xml_values[name] != printed[name]} == {"total"}
    assert f"{parse_einvoice(read_xml(xml_in(sample))).totals.gross}" == xml_values["total"]


def test_document_without_xml_is_unchanged() -> None:
    plain = make_document("invoice", seed=SEED, index=0, scan=False)
    assert plain.truth["xml"] is None
    assert b"factur-x" not in plain.content
    plans = batch_plans(SEED, 300)
    assert with_xml(plans, 0.0, 1.0) == plans


def test_with_xml_adds_requested_share_and_keeps_originals() -> None:
    plans = batch_plans(SEED, 600, flaws=0.4)
    made = with_xml(plans, 0.5, 0.5)
    carrying = [plan for plan in made if plan.xml]
    fit = [plan for plan in plans if plan.kind == "invoice" and not plan.scan and not plan.flaws]
    assert 0.3 * len(fit) < len(carrying) < 0.7 * len(fit)
    assert {plan.flaws for plan in carrying} == {(), (XML_FLAW,)}
    originals = {plan.original for plan in plans}
    assert not [plan for plan in carrying if plan.name in originals]


@pytest.mark.parametrize(
    ("kind", "scan", "flaws"), [("receipt", False, ()), ("invoice", True, ()), ("invoice", False, ("total_mismatch",))]
)
def test_xml_on_unsuitable_document_raises(kind: str, flaws: tuple[str, ...], *, scan: bool) -> None:
    with pytest.raises(ValueError, match="born-digital"):
        make_document(kind, seed=1, index=1, scan=scan, flaws=flaws, xml=True)


def test_mismatch_flaw_without_xml_raises() -> None:
    with pytest.raises(ValueError, match="cannot have"):
        make_document("invoice", seed=1, index=1, scan=False, flaws=(XML_FLAW,))
