"""Layout analysis: blocks, columns and tables from words and marks."""
