"""Page images: preprocessing, barcodes and marks on scans."""
