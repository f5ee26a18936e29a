"""What is said about a diagram or a decision before anybody relies on it."""
