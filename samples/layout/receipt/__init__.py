"""Receipt templates on thermal paper, 80 mm wide."""
