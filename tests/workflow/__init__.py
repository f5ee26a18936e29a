"""Cases played through the inbox, as people do."""
