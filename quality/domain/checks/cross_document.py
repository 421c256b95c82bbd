"""Cross-document checks, one for each relation: duplicate, near duplicate, newer, older, contradicting."""

from dataclasses import dataclass
from typing import ClassVar

from quality.domain.checks.check import Check, RequiredFact
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.relations import DocumentRelation, Relation, find_relations
from quality.domain.vocabulary import format_as_printed, title_of

ORDER = 130


class NeighbourCheck(Check):
    """Base class of checks on the documents most similar to this one."""

    tier: ClassVar[Tier] = Tier.CROSS_DOCUMENT
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.NEIGHBOURS})
    relation: ClassVar[Relation]

    def run(self, facts: FactSet) -> Outcome:
        """Find the neighbours with the relation of this check."""
        found = [each for each in find_relations(facts) if each.relation is self.relation]
        return Outcome.failed(*(self.evidence(facts, each) for each in found)) if found else Outcome.passed()

    def evidence(self, facts: FactSet, related: DocumentRelation) -> Evidence:
        """Return evidence that refers to the other document."""
        other = related.neighbour
        alike = f"{other.text_similarity:.0%}"
        return Evidence(values={"other": other.document_id, "alike": alike}, neighbour=other.document_id)


@dataclass(frozen=True)
class ExactDuplicate(NeighbourCheck):
    """No other document has the same bytes."""

    id: ClassVar[str] = "exact_duplicate"
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "This exact file is here already"
    recommendation: ClassVar[str] = "Reject this one if it was sent twice by mistake."
    relation: ClassVar[Relation] = Relation.EXACT_DUPLICATE


@dataclass(frozen=True)
class NearDuplicate(NeighbourCheck):
    """No other document is the same one, scanned or exported again."""

    id: ClassVar[str] = "near_duplicate"
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "The same document seems to be here already (%(alike)s alike)"
    recommendation: ClassVar[str] = "Open both side by side; reject the one that is harder to read."
    relation: ClassVar[Relation] = Relation.NEAR_DUPLICATE


@dataclass(frozen=True)
class NewerVersion(NeighbourCheck):
    """No other document replaces this one."""

    id: ClassVar[str] = "newer_version"
    dimension: ClassVar[Dimension] = Dimension.FRESHNESS
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "There is a newer version of this document"
    recommendation: ClassVar[str] = "Use the newer one; reject this one unless both are needed."
    relation: ClassVar[Relation] = Relation.NEWER_VERSION


@dataclass(frozen=True)
class ReplacesEarlier(NeighbourCheck):
    """Report earlier versions of this document to the reviewer."""

    id: ClassVar[str] = "replaces_earlier"
    dimension: ClassVar[Dimension] = Dimension.FRESHNESS
    severity: ClassVar[Severity] = Severity.MINOR
    message: ClassVar[str] = "This is a newer version of a document that is here already"
    recommendation: ClassVar[str] = "Check what changed, and that the earlier one is no longer used."
    relation: ClassVar[Relation] = Relation.OLDER_VERSION

    def run(self, facts: FactSet) -> Outcome:
        """Find earlier versions; being the newer version costs no points."""
        outcome = super().run(facts)
        return Outcome(outcome.verdict, 1.0, outcome.evidence, outcome.note)


@dataclass(frozen=True)
class Contradiction(NeighbourCheck):
    """No other document contradicts this one."""

    id: ClassVar[str] = "contradiction"
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.CRITICAL
    message: ClassVar[str] = "%(title)s is %(ours)s here and %(theirs)s in another document of the same case"
    recommendation: ClassVar[str] = (
        "Open both side by side, find out which one is right, and correct or reject the other."
    )
    relation: ClassVar[Relation] = Relation.CONTRADICTION

    def evidence(self, facts: FactSet, related: DocumentRelation) -> Evidence:
        """Return evidence for the first field that differs, with both values."""
        other, name = related.neighbour, related.differs[0]
        found = facts.get(name)
        theirs = other.fields.get(name, "")
        printed = found.value if found else ""
        said = (found.normalized if found else "", theirs)
        ours, other_s = (format_as_printed(facts, name, value, printed) for value in said)
        return Evidence(
            field=name,
            page=found.page if found else None,
            bbox=found.bbox if found else None,
            text=printed,
            values={"title": title_of(facts, name), "ours": ours, "theirs": other_s, "other": other.document_id},
            neighbour=other.document_id,
            neighbour_text=theirs,
        )
