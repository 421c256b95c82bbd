"""Pages with known blocks, cells and reading order, to test and measure layout analysis."""
