"""Entries of the format registry: a module here declares FORMATS, one `FileFormat` for each format."""
