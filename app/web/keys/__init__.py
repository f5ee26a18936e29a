"""Keys for programs, as administrators look after them."""
