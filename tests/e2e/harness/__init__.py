"""A small site around the real templates and scripts, with fixture data, for the viewer's browser tests."""
