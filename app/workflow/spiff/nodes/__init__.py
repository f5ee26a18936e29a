"""One class per kind of node: what a token does there."""
