"""OCR results: agreement of engines, calibrated confidences and merging."""
