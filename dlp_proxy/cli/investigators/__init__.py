"""Commands of investigators, one file for each group, put together in `cli/incident.py`."""
