"""Ending a case that should not go on."""
