"""Pages whose blocks, cells and order of reading are known: layouts are tested and measured by them."""
