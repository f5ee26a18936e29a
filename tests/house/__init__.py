"""What is true of the house itself: its shape, its schema, what its files say."""
