"""Document boundaries in a file, and edits of a split."""
