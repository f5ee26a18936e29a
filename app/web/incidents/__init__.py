"""Steps that could not be finished, and their retry."""
