"""Grouping of events and reading them back: decides nothing."""
