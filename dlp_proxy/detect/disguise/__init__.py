"""Further readings of a text in which values are disguised, each with the way back. One file for each disguise."""
