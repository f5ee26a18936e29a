"""The forms of tasks in the browser: macros, uploads, look-ups, and what a page posted."""
