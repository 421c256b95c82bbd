"""PP-OCRv6, run directly from the ONNX models in the rapidocr package, without importing it or downloading anything."""
