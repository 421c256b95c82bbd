"""Texts as pages: each becomes clean HTML, then a PDF in memory, which is read like any other."""
