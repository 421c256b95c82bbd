"""OCR engines, and the pipeline that merges their readings of a page."""
