"""Receipt templates: slips of thermal paper, 80 mm wide."""
