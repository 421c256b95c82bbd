"""Search for regular expressions that take more than linear time."""
