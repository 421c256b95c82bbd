"""Child process that checks one e-invoice by one official rule set: XML on standard input, findings on the output.

SaxonC runs as native code with threads and with 32 GiB of reserved addresses, so it has a process that forks no
other, reads one file and ends. The memory that it may really use is limited by RLIMIT_DATA.
"""

import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ingestion.adapters.sandbox.file_access import confine_files
from ingestion.adapters.sandbox.launcher import visible_places
from ingestion.adapters.sandbox.limits import SandboxLimits, apply_limits, die_with_parent
from ingestion.adapters.sandbox.network import deny_network
from ingestion.domain.einvoice.official_rules import RawFinding

_ADDRESSES = 40 * 2**30
_HEAP_BYTES = 2**30
_CPU_SECONDS = 20
_LIMITS = SandboxLimits(memory_bytes=_ADDRESSES, total_cpu_seconds=_CPU_SECONDS)
_ALLOWED_PROTOCOLS = "http://saxon.sf.net/feature/allowedProtocols"
_FOUND = "subsequence(//*[local-name() = ('failed-assert', 'successful-report')], 1, 2000)"


def main() -> None:
    """Check the XML; the arguments are the parent's process id (0 inside a sandbox) and the stylesheet's path."""
    parent, stylesheet = int(sys.argv[1]), sys.argv[2]
    die_with_parent(parent)
    apply_limits(_LIMITS)
    resource.setrlimit(resource.RLIMIT_DATA, (_HEAP_BYTES, _HEAP_BYTES))
    deny_network()
    if parent:
        confine_files(visible_places(), sys.stdin.fileno())
    json.dump([asdict(found) for found in _findings(_plain_xml(), stylesheet)], sys.stdout)


def _plain_xml() -> str:
    """Return the XML of standard input without document type, entities, comments and encodings; raises BadXml."""
    from lxml import etree

    from ingestion.adapters.formats.einvoice.xml import MAX_XML_BYTES, as_utf8, read_xml

    content = sys.stdin.buffer.read(MAX_XML_BYTES + 1)
    read_xml(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.tostring(etree.fromstring(as_utf8(content), parser), encoding="unicode")


def _findings(xml: str, stylesheet: str) -> Iterator[RawFinding]:
    from saxonche import PySaxonProcessor

    saxon = PySaxonProcessor(license=False)
    saxon.set_configuration_property(_ALLOWED_PROTOCOLS, "file")
    rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=stylesheet)
    report = rules.transform_to_value(xdm_node=saxon.parse_xml(xml_text=xml))
    query = saxon.new_xpath_processor()
    query.set_context(xdm_item=report.item_at(0))
    for found in query.evaluate(_FOUND) or ():
        yield _finding(found.get_node_value())


def _finding(node: Any) -> RawFinding:  # noqa: ANN401 - the library has no types
    rule, flag, location = (node.get_attribute_value(name) or "" for name in ("id", "flag", "location"))
    return RawFinding(rule, flag, location, node.string_value, passed_report=node.local_name == "successful-report")


if __name__ == "__main__":
    main()
