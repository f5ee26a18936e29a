"""People work while their servers are killed; afterwards every promise is checked."""
