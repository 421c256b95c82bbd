"""Django app of review."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """App configuration of review."""

    name = "review"
    label = "review"

    def ready(self) -> None:
        """Register review's panel for document pages and its implementation of ingestion's port."""
        from ingestion.selectors.panels import register_document_panel  # noqa: PLC0415 - needs loaded models
        from ingestion.services.review_port import register  # noqa: PLC0415 - as above
        from review.selectors.document_panel import document_panel  # noqa: PLC0415 - as above
        from review.services.ingestion_port import DocumentTasks  # noqa: PLC0415 - as above

        register_document_panel(document_panel)
        register(DocumentTasks())
