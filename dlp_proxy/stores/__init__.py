"""Durable things, behind small ports."""
