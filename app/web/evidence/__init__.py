"""The evidence of a case: a file that says offline who did what, why, for whom, what moved."""
