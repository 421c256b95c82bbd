"""Layout analysis: from unordered words and marks to lines, columns, tables and blocks in reading order."""
