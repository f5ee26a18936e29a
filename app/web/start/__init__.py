"""The first minute: look around a working company, or set up one's own."""
