"""Database, clock, errors, calendars, money and quantities: what every room stands on."""
