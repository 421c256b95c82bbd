"""Process isolation: limits, namespaces, the fork server and the sandbox pool."""
