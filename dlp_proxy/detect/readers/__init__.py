"""One grammar a file that is too large for patterns: ``read`` is a `detector.Reader`. The table is `registry.READERS`."""
