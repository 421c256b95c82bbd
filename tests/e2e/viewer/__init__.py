"""The viewer in a real browser, with fixture data."""
