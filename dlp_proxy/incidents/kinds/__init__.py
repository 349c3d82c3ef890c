"""Kinds of incidents, one file each; `incidents/grouping.py` has them in a tuple."""
