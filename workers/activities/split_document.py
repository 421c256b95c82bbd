"""Part a file that holds several documents, once it has been read."""

from temporalio import activity

from review.services.split_document import part_file
from workers.activities.outcome_events import tell_of_end
from workers.activities.run_scope import run_scope
from workers.messages import SPLIT, DocumentOrder


class SplitActivities:
    """Parting, on the io queue: rules over what was read, and rows."""

    @activity.defn
    def part_file(self, order: DocumentOrder) -> str:
        """Give the file's status: SPLIT is its end, its parts go on by themselves. A repetition adds nothing."""
        with run_scope(order) as ref:
            status = part_file(ref).value
            if status == SPLIT:
                tell_of_end(ref)
        return status
