"""One unit, one code: where it is and how it came there."""
