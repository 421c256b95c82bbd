"""Figures, each measured by a script that anyone can run again."""
