"""The checks: each a small class, each refused by the registry without examples of every verdict."""
