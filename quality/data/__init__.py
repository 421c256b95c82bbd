"""Small bundled tables, each with the script that builds it."""
