"""The person's own page: roles, language, signing out."""
