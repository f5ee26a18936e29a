"""Pages without a browser: wiring, rights, sentences."""
