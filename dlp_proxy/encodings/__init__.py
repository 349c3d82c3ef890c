"""PURE. Ways of writing bytes as text: where such a stretch stands, what it says, and the way back. One file each."""
