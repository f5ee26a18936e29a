"""What makes a diagram easy to read, as geometry."""
