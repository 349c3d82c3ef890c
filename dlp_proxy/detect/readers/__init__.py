"""Grammars too large for patterns, one a file: ``read`` is a `detector.Reader`. The table is `registry.READERS`."""
