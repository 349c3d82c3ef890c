"""One file for each language that events are forwarded in."""
