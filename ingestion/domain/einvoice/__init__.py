"""E-invoices: the XML is authoritative (EN 16931); the page only displays it and is compared with it."""
