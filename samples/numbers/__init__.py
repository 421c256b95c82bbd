"""Identifiers with check digits, computed by their published rules."""
