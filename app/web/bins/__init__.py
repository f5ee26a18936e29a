"""Bins: which there are, what lies in one, labels to stick on them."""
