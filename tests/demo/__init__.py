"""The practice company."""
