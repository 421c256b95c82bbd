"""Invoice templates: four houses with different habits."""
