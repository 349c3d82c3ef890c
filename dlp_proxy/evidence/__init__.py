"""Proof that what is kept is what was recorded: canonical bytes, the log's chain and tree, signed checkpoints."""
