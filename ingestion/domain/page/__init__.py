"""What reading a page yields: words, blocks, marks, barcodes, and their serialization."""
