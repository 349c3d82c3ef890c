"""One file for each format; `unpack/registry.py` lists them in the order of trial."""
