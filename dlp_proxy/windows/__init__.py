"""Memory between requests. The time is always an argument."""
