"""What people write before a value, by language: one file a kind. Phones and addresses have more in their own rooms."""
