"""Examples of each check: small documents with the expected verdict."""
