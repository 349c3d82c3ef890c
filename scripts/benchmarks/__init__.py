"""Benchmarks: what is compared runs in one run, in turns; ratios and medians are what counts."""
