"""OCR engines, and how their readings of one page become one result."""
