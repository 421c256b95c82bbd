"""From a clean page to a scan of it: geometry, degradation and file formats."""
