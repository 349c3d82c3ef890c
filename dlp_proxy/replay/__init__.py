"""Recorded transfers through the same engine again: proof of what was decided, and what another policy would say.

No network, no clock, no chance: times come from the records, and who is asked is a file or the store.
"""
