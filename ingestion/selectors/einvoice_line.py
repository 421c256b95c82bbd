"""Summary of a document's e-invoice in one line: standard and profile, validity, and the XML's URL."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from ingestion.domain.einvoice.model import EInvoice, EInvoiceProfile, EInvoiceSyntax
from ingestion.domain.einvoice.titles import einvoice_title
from ingestion.models import Document, XmlInvoice
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.web.status_badges import mark_of_state

UNREADABLE = "einvoice_readable"
RULES = frozenset({UNREADABLE, "einvoice_sums", "einvoice_complete", "einvoice_codes", "einvoice_rules"})
DIFFERS = "einvoice_differs"


@dataclass(frozen=True, slots=True)
class EInvoiceSummary:
    """Summary of an e-invoice: `state` is the name of a mark, `words` describe the faults.

    `title` is empty for XML that cannot be read; `xml` is its URL.
    """

    title: str
    state: str
    words: str
    xml: str

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as it appears in the viewer's JSON."""
        return {"title": self.title, "mark": mark_of_state(self.state).as_dict(), "words": self.words, "xml": self.xml}


def einvoice_summary(
    actor: Actor, document: Document, run: int, codes: Collection[str], *, judged: bool
) -> EInvoiceSummary | None:
    """Return the e-invoice of a run, None without one; `codes` are the codes of the document's issues."""
    found = _invoice_facts.first(actor, document.id, run)
    if found is None:
        return None
    fault, syntax, profile, guideline = found
    return EInvoiceSummary(
        title="" if fault else _title(syntax, profile, guideline),
        state=_state(fault, codes, judged=judged),
        words=_words(codes),
        xml=f"/v1/documents/{document.id}/e-invoice/xml",
    )


@compiled_query
def _invoice_facts(actor: Actor, document_id: UUID, run: int) -> "QuerySet[XmlInvoice, tuple[str, Any, Any, Any]]":
    rows = XmlInvoice.objects.visible_to(actor).filter(document_id=document_id, run=run).order_by("id")[:1]
    return rows.values_list("fault", "facts__syntax", "facts__profile", "facts__guideline")


def _title(syntax: str, profile: str, guideline: str) -> str:
    return einvoice_title(EInvoice(EInvoiceSyntax(syntax), EInvoiceProfile(profile), guideline))


def _state(fault: str, codes: Collection[str], *, judged: bool) -> str:
    if fault:
        return "einvoice_unread"
    if not judged:
        return "einvoice_found"
    return "einvoice_faulty" if RULES & set(codes) else "einvoice_valid"


def _words(codes: Collection[str]) -> str:
    """Return a short description of the faults; the issues contain the details."""
    broken = sum(code in RULES for code in codes)
    said = []
    if broken:
        said.append(ngettext("%(n)s fault", "%(n)s faults", broken) % {"n": broken})
    if DIFFERS in codes:
        said.append(gettext("the page shows other values"))
    return ", ".join(said)
