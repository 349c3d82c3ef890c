"""The sealed bundle of a case: what is in it, how it is written, and how it is believed or not."""
