"""Programs of others that open what nothing here reads, confined like their caller and bounded in all they take."""
