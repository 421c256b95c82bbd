"""Office files as pages: by an office program in a sandbox of its own, or from their text alone."""
