"""Files are looked at first, then imported whole or not at all, and twice changes nothing."""

from flask import Flask

from app.domain.imports import importing
from app.identity import people
from app.kernel.db import in_transaction


def test_every_template_imports(app: Flask) -> None:
    in_transaction(lambda: people.add("chloe", name="Chloé"))
    for kind in importing.KINDS:
        raw = importing.template(kind).encode()
        p = importing.preview(kind, raw, by="chloe")
        assert not p.problems, [(x.row, x.text) for x in p.problems]
        print(kind, in_transaction(lambda: importing.load(kind, raw, by="chloe")))
        p = importing.preview(kind, raw, by="chloe")
        assert (p.new, p.already, p.problems) == (0, [2], [])
