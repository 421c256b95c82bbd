"""File formats as page sources: each page as pixels and, if the file has one, a text layer."""
