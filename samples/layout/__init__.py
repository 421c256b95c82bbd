"""Page layouts: one template per file, drawn on a canvas that records the position of every word."""
