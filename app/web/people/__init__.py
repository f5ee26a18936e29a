"""People: who may sign in, with which roles, since when, and what was done to their accounts."""
