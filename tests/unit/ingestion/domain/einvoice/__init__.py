"""E-invoices: syntaxes, rules, and the comparison of page and XML."""
