"""Templates of laboratory reports and discharge letters."""
