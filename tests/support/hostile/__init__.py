"""Hostile files, built from scratch by pure functions that return bytes, with the expected outcome of each.

`specimens.py` lists them by test case. Office files, XML, HTML, archives and mail (A04, A10 to A12) have separate
modules in this package and an entry there.
"""
