"""One validity test a file: ``holds(value) -> bool`` on the normalised value. The table is `detect/registry.py`."""
