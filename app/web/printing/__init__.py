"""Business papers as PDF: what the page says, on A4, with the letters of three languages in it."""
