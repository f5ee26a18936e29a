"""What a newcomer does with the product, in a real browser against the real server."""
