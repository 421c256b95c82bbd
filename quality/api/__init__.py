"""REST endpoints of quality."""
