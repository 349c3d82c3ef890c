"""Ways to cut one upload into many requests: one file each, and their names in `registry`."""
