"""What people write before a value, by language: one file a kind. Phones and addresses have theirs in their own rooms."""
