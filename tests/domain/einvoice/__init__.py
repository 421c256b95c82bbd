"""E-invoices: every syntax, every rule, the page beside the XML."""
