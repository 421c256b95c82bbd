"""Export formats that need a heavy package: one adapter per format."""
