"""Read models of the pages: values for templates and for the viewer, each from a fixed number of queries."""
