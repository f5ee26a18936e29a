"""What the house knows of its suppliers."""
