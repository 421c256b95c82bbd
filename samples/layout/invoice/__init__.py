"""Invoice templates of four different styles."""
