"""Content of the documents, independent of its position on the page."""
