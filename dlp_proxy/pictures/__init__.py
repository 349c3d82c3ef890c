"""Eyes for inspectors: text and codes in pictures. Not pure: it runs a program and looks at a clock."""
