"""What the phone detectors share: numbering plans, spellings, extensions, and what speaks against a number."""
