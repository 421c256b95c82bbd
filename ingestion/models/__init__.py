"""Models of documents, their pages and their fields. A re-run is a new run number; earlier runs stay."""

from ingestion.models.children import SkippedContainerFile, Split
from ingestion.models.documents import Batch, Document, Schema
from ingestion.models.exports import Artefact
from ingestion.models.grant_tables import BatchTeamGrant, BatchUserGrant, DocumentTeamGrant, DocumentUserGrant
from ingestion.models.reading import Field, Page, RegionReading, XmlInvoice
from ingestion.models.reprocessing import ReprocessingRun

__all__ = [
    "Artefact",
    "Batch",
    "BatchTeamGrant",
    "BatchUserGrant",
    "Document",
    "DocumentTeamGrant",
    "DocumentUserGrant",
    "Field",
    "Page",
    "RegionReading",
    "ReprocessingRun",
    "Schema",
    "SkippedContainerFile",
    "Split",
    "XmlInvoice",
]
