"""Message -> parts and gaps: what is readable in it, as deep as the limits allow. Pure."""
