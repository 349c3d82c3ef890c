"""What readers of documents have in common: XML as events, paragraphs and tables, sheets, old containers."""
