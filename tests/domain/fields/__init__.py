"""Fields from pages."""
