"""Activity that splits a file with several documents, after it has been read."""

from temporalio import activity

from ingestion.services.split_document import split_document
from workers.activities.cpu_limit import cpu_limit
from workers.activities.outcome_events import emit_run_completed
from workers.activities.run_scope import run_scope
from workers.messages import SPLIT, DocumentInput


class SplitActivities:
    """Split activities on the io queue: rules over the reading, and database rows."""

    @activity.defn
    def split_document(self, document_input: DocumentInput) -> str:
        """Split the file and return its status; a retry adds nothing.

        SPLIT is final for the file; its child documents continue in their own workflows.
        """
        with cpu_limit(), run_scope(document_input) as ref:
            status = split_document(ref).value
            if status == SPLIT:
                emit_run_completed(ref)
        return status
