"""Embedded default: PostgreSQL, Temporal, web and workers on one machine, under one process manager.

A plain program next to the web process: it starts other programs and does not import Django.
"""
