"""Reference page of the webhook events."""

from refinery.api.markdown import table
from refinery.core.webhooks.services import EVENTS

INTRODUCTION = """# Webhook events

Events that a receiver can subscribe to; a receiver that names none gets all of them. Events hold ids, codes and numbers
only. [The API](../api.md#webhooks) explains how to register a receiver and verify a signature.
"""
OCCASIONS = {
    "document.completed": "A document reached its final status and the time to undo the decision is over.",
    "document.corrected": "A document that was decided before was changed, decided again or superseded.",
    "document.needs_review": "A review task was opened for a document.",
    "review.submitted": "A reviewer decided a task and the time to undo the decision is over.",
    "review.sla_breached": "A review task was not decided in its time.",
    "batch.completed": "The last document of a batch reached its final status.",
}


def render() -> str:
    """Return the page; raises KeyError for an event without a description."""
    return f"{INTRODUCTION}\n{table(('Event', 'Sent when'), ((f'`{name}`', OCCASIONS[name]) for name in EVENTS))}\n"
