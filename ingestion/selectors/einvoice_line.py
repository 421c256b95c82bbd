"""A document's e-invoice in one line: which standard and profile it is of, whether it keeps the rules, its XML."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from ingestion.domain.einvoice import EInvoice, EInvoiceProfile, EInvoiceSyntax
from ingestion.domain.einvoice.titles import einvoice_title
from ingestion.models import Document, XmlInvoice
from refinery.core.tenancy.actor import Actor
from refinery.core.web.status_badges import mark_of_state

UNREADABLE = "einvoice_readable"
RULES = frozenset({UNREADABLE, "einvoice_sums", "einvoice_complete", "einvoice_codes"})
DIFFERS = "einvoice_differs"


@dataclass(frozen=True, slots=True)
class EInvoiceSummary:
    """What people see of it: `state` names a mark, `words` say what is wrong.

    `title` is empty for XML that cannot be read; `xml` is its address.
    """

    title: str
    state: str
    words: str
    xml: str

    def as_dict(self) -> dict[str, Any]:
        """Give the shape that the viewer's JSON carries."""
        return {"title": self.title, "mark": mark_of_state(self.state).as_dict(), "words": self.words, "xml": self.xml}


def einvoice_summary(
    actor: Actor, document: Document, run: int, codes: Collection[str], *, judged: bool
) -> EInvoiceSummary | None:
    """Give the e-invoice of a run; `codes` are those of its issues. None for a document without one."""
    rows = XmlInvoice.objects.visible_to(actor).filter(document=document, run=run)
    found = rows.values_list("fault", "facts__syntax", "facts__profile", "facts__guideline").first()
    if found is None:
        return None
    fault, syntax, profile, guideline = found
    return EInvoiceSummary(
        title="" if fault else _title(syntax, profile, guideline),
        state=_state(fault, codes, judged=judged),
        words=_words(codes),
        xml=f"/v1/documents/{document.id}/e-invoice/xml",
    )


def _title(syntax: str, profile: str, guideline: str) -> str:
    return einvoice_title(EInvoice(EInvoiceSyntax(syntax), EInvoiceProfile(profile), guideline))


def _state(fault: str, codes: Collection[str], *, judged: bool) -> str:
    if fault:
        return "einvoice_unread"
    if not judged:
        return "einvoice_found"
    return "einvoice_faulty" if RULES & set(codes) else "einvoice_valid"


def _words(codes: Collection[str]) -> str:
    """Say what is wrong with it, in short; the issues say the rest."""
    broken = sum(code in RULES for code in codes)
    said = []
    if broken:
        said.append(ngettext("%(n)s fault", "%(n)s faults", broken) % {"n": broken})
    if DIFFERS in codes:
        said.append(gettext("the page says something else"))
    return ", ".join(said)
