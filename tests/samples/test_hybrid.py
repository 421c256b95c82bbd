"""An invoice that carries its XML: both say the same, or differ in the total alone when that is asked for."""

import io

import pikepdf
import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice import Profile, parse_einvoice
from ingestion.domain.einvoice.mapping import values_of
from ingestion.domain.einvoice.rules import broken_sums, lacking_terms, wrong_codes
from quality.domain.currencies import CURRENCIES
from samples.flaws import OF_XML
from samples.generate import make_document
from samples.plans import batch_plans, with_xml
from samples.sample import Sample
from tests.samples.reading import fields_of

SEED = 71


def xml_in(sample: Sample) -> bytes:
    with pikepdf.open(io.BytesIO(sample.content)) as document:
        (spec,) = document.Root.AF
        assert spec.AFRelationship == pikepdf.Name.Alternative
        return bytes(document.attachments["factur-x.xml"].get_file().read_bytes())


@pytest.mark.parametrize("index", range(8))
def test_the_xml_says_what_the_page_prints(index: int) -> None:
    sample = make_document("invoice", seed=SEED, index=index, scan=False, xml=True)
    invoice = parse_einvoice(read_xml(xml_in(sample)))
    assert invoice.profile is Profile.EN16931
    assert (broken_sums(invoice), lacking_terms(invoice), wrong_codes(invoice, CURRENCIES)) == ((), (), ())
    said = values_of(invoice)
    printed = {name: field["normalized"] for name, field in fields_of(sample).items()}
    assert sample.truth["xml"] == printed
    assert said | {"supplier_address": said["supplier_address"].replace("\n", ", ")} == printed
    assert sample.content == make_document("invoice", seed=SEED, index=index, scan=False, xml=True).content


@pytest.mark.parametrize("index", range(4))
def test_a_page_that_differs_differs_in_its_total(index: int) -> None:
    sample = make_document("invoice", seed=SEED, index=index, scan=False, xml=True, flaws=(OF_XML,))
    told = sample.truth["xml"]
    assert isinstance(told, dict)
    printed = {name: field["normalized"] for name, field in fields_of(sample).items()}
    assert {name for name in told if told[name] != printed[name]} == {"total"}
    assert f"{parse_einvoice(read_xml(xml_in(sample))).totals.gross}" == told["total"]


def test_without_it_nothing_changes() -> None:
    plain = make_document("invoice", seed=SEED, index=0, scan=False)
    assert plain.truth["xml"] is None
    assert b"factur-x" not in plain.content
    plans = batch_plans(SEED, 300)
    assert with_xml(plans, 0.0, 1.0) == plans


def test_a_share_of_a_batch_carries_xml_and_originals_stay_as_they_are() -> None:
    plans = batch_plans(SEED, 600, flaws=0.4)
    made = with_xml(plans, 0.5, 0.5)
    carrying = [plan for plan in made if plan.xml]
    fit = [plan for plan in plans if plan.kind == "invoice" and not plan.scan and not plan.flaws]
    assert 0.3 * len(fit) < len(carrying) < 0.7 * len(fit)
    assert {plan.flaws for plan in carrying} == {(), (OF_XML,)}
    originals = {plan.original for plan in plans}
    assert not [plan for plan in carrying if plan.name in originals]


@pytest.mark.parametrize(("kind", "scan", "flaws"), [
    ("receipt", False, ()), ("invoice", True, ()), ("invoice", False, ("total_mismatch",)),
])  # fmt: skip
def test_only_a_born_digital_invoice_carries_xml(kind: str, flaws: tuple[str, ...], *, scan: bool) -> None:
    with pytest.raises(ValueError, match="born-digital"):
        make_document(kind, seed=1, index=1, scan=scan, flaws=flaws, xml=True)


def test_other_documents_cannot_have_its_flaw() -> None:
    with pytest.raises(ValueError, match="cannot have"):
        make_document("invoice", seed=1, index=1, scan=False, flaws=(OF_XML,))
