"""Files made to do harm, from scratch: pure functions that give bytes, and what must become of each.

`specimens.py` lists them by the case of their kind. Office files, XML, HTML, archives and mail (A04, A10 to A12)
get modules of their own beside these, and a line there.
"""
