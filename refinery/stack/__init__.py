"""The embedded default: PostgreSQL, Temporal, web and workers on one machine, under one process manager.

A plain program beside the web process: it starts other programs and imports no Django.
"""
