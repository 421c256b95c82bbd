"""Pages about documents: their lists, batches, records, exports, splits and reprocessings."""
