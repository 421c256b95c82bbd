"""Words and marks become blocks, columns and tables."""
