"""Readers of contents that are too long to be read whole: one file each, and their names in `long_registry`."""
