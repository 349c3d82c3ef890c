"""The ways into a receiver."""
