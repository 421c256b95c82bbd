"""The embedded stack: real PostgreSQL and Temporal, and the manager with small programs."""
