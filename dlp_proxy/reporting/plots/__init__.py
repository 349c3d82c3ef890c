"""The plots of a report, one file each, put together in `reporting/report.py`."""
