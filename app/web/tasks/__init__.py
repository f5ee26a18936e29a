"""One task: opening, claiming, drafting, completing it."""
