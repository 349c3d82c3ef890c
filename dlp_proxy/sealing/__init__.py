"""Evidence of what was stopped or logged: sealed to people's public keys, opened by two of them together."""
