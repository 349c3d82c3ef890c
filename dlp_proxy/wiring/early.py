"""Imported in the process that inspectors are forked from, and nowhere else: what each of them would do again."""

import gc

import dlp_proxy.wiring.compiled  # noqa: F401 - with it come all the modules that have patterns
from dlp_proxy.detect.late import compile_all

compile_all()
# Else each of them would go through all of this when it collects, and have a copy of the pages that it writes to then.
gc.collect()
gc.freeze()
