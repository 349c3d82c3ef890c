"""One file per command group; every command exits 0 fine, 1 problems found, 2 wrong usage, 3 looser or different."""
