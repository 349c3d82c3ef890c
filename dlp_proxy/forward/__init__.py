"""Events on their way to a company's own systems: in their words (`formats`), by their ways in (`carriers`)."""
