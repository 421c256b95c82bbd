"""From loose words and marks to blocks in the order of reading: lines, columns, tables, kinds, order."""
