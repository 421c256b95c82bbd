"""The embedded default: real PostgreSQL and Temporal, and the manager with small programs to manage."""
