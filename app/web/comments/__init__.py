"""Comments on cases."""
