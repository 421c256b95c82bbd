"""Small tables that ship with the program, each with the script that makes it."""
