"""Sandbox child: the process that parses untrusted bytes, with limits and without network."""
