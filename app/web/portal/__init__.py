"""What people of a supplier see of their own orders."""
