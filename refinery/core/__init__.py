"""Shared kernel: types, database, audit, outbox, tenancy, webhooks and web. It imports no app."""
