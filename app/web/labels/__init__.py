"""Labels to stick on things: each a square code beside its words."""
