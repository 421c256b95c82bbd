"""Results of reading a page: words, blocks, marks, barcodes, and their serialization."""
