"""E-invoices as files: the XML that a PDF carries, and an XML that comes by itself."""
