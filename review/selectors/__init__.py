"""Read models of the desk, the viewer and the review panel of a record, each with a fixed number of queries."""
