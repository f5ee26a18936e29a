"""The inbox: views, list, and the open task beside it."""
