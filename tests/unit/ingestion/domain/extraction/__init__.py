"""Extraction of fields from pages."""
