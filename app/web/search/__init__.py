"""One search over every number, serial, product and case; and the scanner's page."""
