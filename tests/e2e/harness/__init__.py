"""A small site with the real templates and scripts and with fixture data, for the viewer's browser tests."""
