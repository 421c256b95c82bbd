"""Pages of the desk, of documents and of batches, and the viewer's own small requests."""
