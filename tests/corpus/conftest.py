"""The reader of real files, shared with the adapter tests."""

from tests.unit.ingestion.adapters.conftest import reader

__all__ = ["reader"]
