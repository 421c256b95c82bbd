"""PP-OCRv6, run straight from the ONNX models inside the rapidocr package: no import of it, no download."""
