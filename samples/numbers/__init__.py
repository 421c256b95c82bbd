"""Identifiers with check digits, computed from their published rules."""
