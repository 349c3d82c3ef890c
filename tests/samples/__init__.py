"""Samples of what people carry data out in: the same made-up customers in every wrapping, and files that hold none."""
