"""The shipped processes, played through the inbox as people do."""
