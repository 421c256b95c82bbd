"""E-invoices as files: XML embedded in a PDF, and plain XML files."""
