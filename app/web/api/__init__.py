"""The API for programs: the same verbs and the same rights as the pages, with keys and problems."""
