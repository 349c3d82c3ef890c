"""The playground: a page on this machine where policies are written and tried. `server` serves, `workbench` answers."""
