"""How fast the product is: ratios within one run, on SQLite and PostgreSQL."""
