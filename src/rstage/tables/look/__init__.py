"""What may stand in a table that nobody described: guesses that are told as such, and decide nothing."""
