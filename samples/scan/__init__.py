"""Simulation of scans from clean pages: geometry, degradation and file formats."""
