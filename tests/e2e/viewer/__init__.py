"""The viewer in a real browser, over fixture data."""
