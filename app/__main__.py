"""`python -m app` is the `houtai` command, for whoever has an interpreter and not its scripts."""

from app.cli import main

main()
