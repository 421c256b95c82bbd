"""Ingestion as a Django app."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    """Name the app."""

    name = "ingestion"
    label = "ingestion"
