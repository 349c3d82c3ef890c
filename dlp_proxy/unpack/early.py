"""Imported by the process that inspectors are forked from: what they could not import once they are confined.

libarchive is looked for by running `ldconfig`, and a confined process may run nothing that writes. pdfium and olefile
are asked for so often that no inspector should wait for them. The other libraries are imported when their format is
met: pyarrow starts threads, and a process with threads is no good parent.
"""

from __future__ import annotations

import contextlib

from dlp_proxy.unpack.libraries import library

for name in ("libarchive", "pypdfium2", "olefile"):
    with contextlib.suppress(ImportError):
        library(name)
