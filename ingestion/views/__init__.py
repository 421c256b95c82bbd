"""Pages about documents: lists, batches, records, exports, splits and reprocessing."""
