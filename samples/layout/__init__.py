"""Where things stand on the page: one template a file, drawn on a canvas that remembers every word."""
