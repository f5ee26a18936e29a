"""When places work: the week, the holidays, and the days that are not as usual."""
