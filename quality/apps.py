"""Django app configuration of quality."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """App configuration of quality."""

    name = "quality"
    label = "quality"

    def ready(self) -> None:
        """Register what quality adds to the pages of documents."""
        from ingestion.selectors.panels import register_document_panel, register_list_panel  # noqa: PLC0415 - needs loaded models
        from quality.selectors.document_panel import document_panel, overall_scores  # noqa: PLC0415 - as above

        register_document_panel(document_panel)
        register_list_panel(overall_scores)
