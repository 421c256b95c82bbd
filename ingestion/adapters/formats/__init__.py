"""Files as sequences of sheets: what is printed on each, as pixels and, where there is one, as a text layer."""
