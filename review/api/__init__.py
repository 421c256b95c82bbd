"""REST endpoints of review."""
