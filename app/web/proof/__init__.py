"""The proof: what must always hold, asked of the live data."""
