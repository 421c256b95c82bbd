"""The checks: one small class each, registered only with examples of every verdict."""
