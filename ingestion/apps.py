"""Django app of ingestion."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    """App configuration of ingestion."""

    name = "ingestion"
    label = "ingestion"
