"""REST endpoints of the kernel: API keys, tokens and webhooks."""
