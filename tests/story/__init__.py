"""A made-up company's quarter with planted cases, and the truth about them."""
