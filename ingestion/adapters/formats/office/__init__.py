"""Office files as pages: by an office program in a separate sandbox, or from their text only."""
