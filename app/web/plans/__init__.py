"""Purchase plans: what was recommended, from which figures, and what became of it."""
