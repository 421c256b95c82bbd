"""Django app of review."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """App configuration of review."""

    name = "review"
    label = "review"

    def ready(self) -> None:
        """Register review's panel for document pages, the grants of queues, and the implementation of a port."""
        from ingestion.querysets import register_document_grants  # noqa: PLC0415 - as above
        from ingestion.selectors.panels import register_document_panel  # noqa: PLC0415 - needs loaded models
        from ingestion.services.review_port import register  # noqa: PLC0415 - as above
        from review.models import ReviewTask  # noqa: PLC0415 - as above
        from review.selectors.document_panel import document_panel  # noqa: PLC0415 - as above
        from review.services.ingestion_port import DocumentTasks  # noqa: PLC0415 - as above

        register_document_panel(document_panel)
        register(DocumentTasks())
        register_document_grants(
            lambda actor, permission: ReviewTask.objects.of_granted_queues(actor, permission).values("document_id")
        )
