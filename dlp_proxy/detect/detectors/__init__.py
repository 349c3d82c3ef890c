"""One kind of data a file: ``DETECTOR``, a literal `DetectorSpec`. The table is `detect/registry.py`."""
