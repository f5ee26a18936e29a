"""The rooms that do not fit on the rail."""
