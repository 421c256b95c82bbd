"""Openers by media type: a module here declares PAGE_OPENERS, CONTAINER_OPENERS, or both.

Libraries are imported inside the functions, so that only those of the opened format are loaded.
"""
