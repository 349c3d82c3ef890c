"""What is handed on of a case: a report that people read, and a bundle that strangers can verify."""
