"""Pages of the desk and of tasks, and the JSON requests of the viewer."""
