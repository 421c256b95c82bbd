"""Image files as pages."""
