"""Pages in a real browser: the whole line, every page's looks, keys and drafts."""
