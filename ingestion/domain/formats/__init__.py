"""File formats: detection by content, limits and admission."""
