"""Files are looked at first, then imported whole or not at all, and twice changes nothing."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.catalog import skus
from app.domain.catalog.products import Product, Sku
from app.domain.imports import importing
from app.domain.imports.importers import NotForYou
from app.domain.imports.importing import ImportRefused, Loaded, UnknownKind
from app.domain.imports.table import BadQuotes, Empty, NotText, TooLarge, Unreadable
from app.domain.inventory import ledger, opening, places
from app.domain.inventory.opening import AlreadyPosted
from app.domain.supply import asns
from app.domain.supply import purchase_orders as orders
from app.domain.supply.suppliers import Supplier
from app.identity import memberships, people
from app.kernel import clock
from app.kernel.calendars import Calendar, week_of
from app.kernel.calendars import stored as calendars
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Message
from tests.builders.steps import in_a_step

SUPPLIERS = "supplier,name\n"
NEVER_CHANGES = "{} An import adds and never changes: correct the file."
TAIPEI = Calendar("Asia/Taipei", week_of({"mon": ["00:00-24:00"]}))
KINDS = "internal, qc, reject, hold, transit, custody"


@pytest.fixture
def database_kind() -> str:
    """One is enough to read files; the template of every kind is imported on both."""
    return "sqlite"


@pytest.fixture(autouse=True)
def chloe(app: Flask) -> None:
    def step() -> None:
        memberships.grant(people.add("chloe", name="Chloé"), "buyer")
        people.add("dov", name="Dov")

    in_transaction(step)


def problems(kind: str, text: str) -> list[tuple[int, str, str]]:
    found = importing.preview(kind, text.encode(), by="chloe").problems
    return [(problem.row, problem.column, problem.text) for problem in found]


def load(kind: str, text: str) -> Loaded:
    return in_transaction(lambda: importing.load(kind, text.encode(), by="chloe"))


def templates() -> None:
    for kind in importing.KINDS:
        load(kind, importing.template(kind))


def test_who_does_not_bring_in_data_is_refused_whatever_door_they_use() -> None:
    raw = importing.template("suppliers").encode()

    with pytest.raises(NotForYou):
        importing.preview("suppliers", raw, by="dov")
    with pytest.raises(NotForYou):
        in_transaction(lambda: importing.load("suppliers", raw, by="dov"))


def test_an_order_without_a_day_is_of_today_where_it_is_delivered(app: Flask) -> None:
    in_transaction(lambda: calendars.save("taipei", TAIPEI))
    in_transaction(lambda: calendars.assign("site:DAYUAN", "taipei"))
    for kind in ("products", "suppliers", "locations"):
        load(kind, importing.template(kind))
    order = "po,supplier,site,line,sku,quantity,currency\nP-1,HONGSHENG,DAYUAN,1,CP-2-3,6,"

    with clock.turned_to(datetime(2026, 6, 1, 20, 0, tzinfo=UTC)):
        load("purchase_orders", f"{order}twd\n")

    assert orders.by_number("P-1").ordered_on == date(2026, 6, 2)
    said = [(2, "currency", "DOLLARS is no currency. Write its three letters, like TWD.")]
    assert problems("purchase_orders", f"{order}dollars\n".replace("P-1", "P-2")) == said


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_every_template_can_be_imported_and_then_again(app: Flask) -> None:
    templates()
    for kind in importing.KINDS:
        again = importing.preview(kind, importing.template(kind).encode(), by="chloe")
        assert (again.new, again.already, again.problems) == (0, [2], [])
    told = db.session.execute(select(Message.name, Message.correlation).order_by(Message.id))
    assert [tuple(each) for each in told] == [
        ("order_imported", "PO-2026-0412"),
        ("asn_announced", "HS-88120"),
    ]
    order = orders.by_number("PO-2026-0412")
    assert (str(order.lines[0].ordered), order.ordered_by) == ("120", "chloe")
    assert asns.by_number("HS-88120").lines[0].quantity == 120


def test_opening_stock_counts_once_its_process_has_posted_it(app: Flask) -> None:
    templates()
    sheet = "OS-000001"
    start = importing.preview("opening_stock", b"location,sku,quantity\n", by="chloe")
    assert not start.is_ready
    pipe, shelf = skus.by_code("CP-2-3"), places.location("DY-A-01-01")
    assert ledger.on_hand(pipe, shelf) == 0
    assert in_a_step(lambda: opening.post(opening.locked(sheet))) == 1
    assert ledger.on_hand(pipe, shelf) == 12
    with pytest.raises(AlreadyPosted):
        in_a_step(lambda: opening.post(opening.locked(sheet)))


def test_opening_stock_asks_for_its_process_to_be_started(app: Flask) -> None:
    for kind in ("products", "suppliers", "locations"):
        load(kind, importing.template(kind))
    start = load("opening_stock", importing.template("opening_stock")).start
    assert start is not None
    assert (start.process, start.data["sheet_no"], start.data["scope"]) == (
        "opening_stock",
        "OS-000001",
        "site:DAYUAN",
    )


@pytest.mark.parametrize(
    "encoded",
    [
        "supplier,name\nB,Borea 北澤\n".encode(),
        "supplier,name\nB,Borea 北澤\n".encode("utf-8-sig"),
        "supplier,name\r\nB,Borea 北澤".encode("utf-16"),
        "supplier;name\nB;Borea 北澤\n".encode("utf-16-le"),
        "supplier\tname\nB\tBorea 北澤\n".encode("utf-16-be"),
        'sep=;\nsupplier;name\n"B";"Borea 北澤"\n'.encode(),
        '\ufeff"Supplier" , "NAME"\nB,Borea 北澤\n'.replace('"', "").encode(),
        'supplier,name\n="B",Borea 北澤\n\n,\n'.replace('="B"', '"=""B"""').encode(),
    ],
)
def test_files_are_read_as_spreadsheets_save_them(app: Flask, encoded: bytes) -> None:
    in_transaction(lambda: importing.load("suppliers", encoded, by="chloe"))
    assert db.session.scalars(select(Supplier)).one().name == "Borea 北澤"


def test_a_cell_may_have_several_lines_and_rows_keep_their_spreadsheet_numbers(app: Flask) -> None:
    text = 'supplier,name\nA,"First\nsecond, line"\n\n,Nameless\n'
    assert problems("suppliers", text) == [(4, "supplier", "Fill in supplier.")]


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"", Empty),
        (b"\n\n", Empty),
        (b"\xff\x00\x12", NotText),
        (b"PK\x03\x04\x00\x00\x00", NotText),
        ("供應商,名稱".encode("big5"), NotText),
        (b'supplier,name\nA,"open', BadQuotes),
        (b'supplier,name\nA,"x"y\n', BadQuotes),
        (SUPPLIERS.encode() + b"A,B\n" * 20_001, TooLarge),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(
    app: Flask, raw: bytes, refusal: type[Unreadable]
) -> None:
    with pytest.raises(refusal):
        importing.preview("suppliers", raw, by="chloe")


def test_the_columns_must_be_right_first(app: Flask) -> None:
    assert problems("suppliers", "suplier,name,name\nA,B,C\n") == [
        (
            1,
            "suplier",
            "There is no column suplier. The columns are supplier, name, email, phone.",
        ),
        (1, "name", "The column name is there twice."),
        (1, "name", "The column name is there twice."),
        (1, "supplier", "Add the column supplier."),
    ]


def test_every_row_says_what_is_wrong_with_it(app: Flask) -> None:
    text = (
        "product,sku,name,unit,step,serial_policy,conversions,high_value,barcode\n"
        "P,OK,Good,pcs,,,,,\n"
        "P,,Nameless,pcs,,,,,\n"
        "P,S2,=1+1,pcs,,,,,\n"
        'P,S3,Pipe,m,"1,5",,,,\n'
        "P,S4,Pipe,m,-1,maybe,roll=0,perhaps,\n"
        "P,S5,AC,pcs,0.5,unit,,,\n"
        "P,OK,Again,pcs,,,,,\n"
        "P,S6,Long,pcs,,,,,4.71E+12\n"
        "P,S7,Wide,pcs,,,,,,surplus\n"
    )
    found = problems("products", text)
    assert [row for row, _, _ in found] == [3, 4, 5, 6, 6, 6, 6, 7, 8, 9, 10]
    sentences = " ".join(sentence for _, _, sentence in found)
    for sentence in (
        "Fill in sku.",
        "=1+1 looks like a spreadsheet formula. Type its value instead.",
        "1,5 is not a quantity. Write it like 1200 or 0.5, without separators.",
        "maybe is not possible in serial_policy. Choose one of none, unit, lot.",
        "0 is not a ratio. Write it like 20 or 1/3.",
        "Write yes or no in high_value.",
        "Goods with a code on every unit are counted one by one: step is 1.",
        "OK is there twice.",
        "4.71E+12 was a long code. Format the column as text and type it again.",
        "surplus stands outside the table. Put it under a column or delete it.",
    ):
        assert sentence in sentences


def test_one_bad_row_keeps_everything_out(app: Flask) -> None:
    with pytest.raises(
        ImportRefused, match=r"Nothing was imported: 1 problems\. .* row 3: Fill in"
    ):
        load("suppliers", SUPPLIERS + "A,Alpha\nB,\n")
    assert db.session.scalar(select(func.count()).select_from(Supplier)) == 0


def test_an_import_never_changes_what_is_there(app: Flask) -> None:
    load("suppliers", SUPPLIERS + "A,Alpha\n")
    assert problems("suppliers", SUPPLIERS + "A,Beta\nB,New\n") == [
        (
            2,
            "name",
            NEVER_CHANGES.format("A exists with name Alpha; this file says Beta."),
        )
    ]


def test_new_rows_beside_known_ones_are_added(app: Flask) -> None:
    load("suppliers", SUPPLIERS + "A,Alpha\n")
    loaded = load("suppliers", SUPPLIERS + "A,Alpha\nB,Beta\n")
    assert (loaded.new, loaded.already) == (1, [2])


def test_a_barcode_belongs_to_one_sku(app: Flask) -> None:
    text = "product,sku,name,unit,barcode\nP,S1,One,pcs,471\nP,S2,Two,pcs,471\n"
    assert problems("products", text) == [(3, "barcode", "The barcode 471 belongs to S1.")]


def test_rows_of_one_product_agree(app: Flask) -> None:
    text = "product,product_name,sku,name,unit\nP,Pipe,S1,One,m\nP,Tube,S2,Two,m\n"
    assert problems("products", text) == [
        (3, "product_name", "Row 2 says Pipe in product_name for the same document.")
    ]


def test_locations_name_their_sites_and_calendars(app: Flask) -> None:
    in_transaction(lambda: calendars.save("shop", calendars.DEFAULT))
    head = "site,site_name,site_kind,calendar,location,kind,capacity,fixed_sku\n"
    text = head + "N,Neihu,outlet,shop,N-01,,10,\nN,,,,N-QC,,,\nN,,,,SUPPLIER:X,loss,,GHOST\n"
    assert problems("locations", text) == [
        (3, "location", "N-QC is made together with its site. Leave this row out."),
        (4, "fixed_sku", "There is no SKU GHOST. Import products first."),
        (
            4,
            "kind",
            f"loss is not possible in kind. Choose one of {KINDS}.",
        ),
    ]
    assert problems("locations", head + "M,Main,,ghost,,,,\n") == [
        (2, "calendar", "There is no calendar ghost.")
    ]
    load("locations", head + "N,Neihu,outlet,shop,N-01,,10,\n")
    assert calendars.of_scope("site:N").time_zone == calendars.DEFAULT.time_zone
    assert places.waiting_for_inspection(places.site("N")).kind == "qc"


def test_opening_stock_is_checked_as_the_ledger_would(app: Flask) -> None:
    templates()
    load("products", "product,sku,name,unit,serial_policy\nA,AC,AC,pcs,unit\nM,MILK,Milk,l,lot\n")
    text = (
        "location,sku,quantity,lot,serials\n"
        "DY-A-01-01,AC,2,,S1\n"
        "DY-A-01-01,MILK,2,,\n"
        "DY-A-01-01,CP-2-3,0.3,,\n"
        "DAYUAN-QC,CP-2-3,1,,\n"
        "NOWHERE,GHOST,x,,\n"
        "DY-A-01-01,AC,2,,S1 S1\n"
    )
    found = problems("opening_stock", text)
    assert [row for row, _, _ in found] == [2, 3, 4, 5, 6, 6, 6, 7, 7]
    assert found[0][2] == "2 of AC, but 1 different codes were scanned."
    assert found[3][2] == "DAYUAN-QC is not a shelf."
    assert found[-2][2].startswith("S1 stands twice in this cell.")


def test_orders_name_people_and_things_that_exist(app: Flask) -> None:
    templates()
    head = "po,supplier,site,ordered_by,ordered_on,line,sku,quantity,unit\n"
    text = (
        head
        + "PO-1,GHOST,DAYUAN,nobody,01/02/2026,1,CP-2-3,1,box\n"
        + "PO-1,GHOST,DAYUAN,,,1,CP-2-3,1,roll\n"
        + "PO-2,HONGSHENG,DAYUAN,,2026-02-30,one,CP-2-3,1,\n"
    )
    sentences = [sentence for _, _, sentence in problems("purchase_orders", text)]
    assert sentences == [
        "There is no supplier GHOST. Import suppliers first.",
        "Nobody signs in as nobody. Write the username of who ordered.",
        "01/02/2026 is not a day. Write it like 2026-06-30: year, month, day.",
        "CP-2-3 is counted in m, roll, not in box.",
        "2026-02-30 is not a day. Write it like 2026-06-30: year, month, day.",
        "one is not a whole number. Write it like 12.",
    ]


def test_notices_of_one_file_together_announce_no_more_than_is_expected(app: Flask) -> None:
    for kind in ("products", "suppliers", "locations", "purchase_orders"):
        load(kind, importing.template(kind))
    head = "asn,po,line,quantity,unit,supplier,sku\n"
    text = (
        head
        + "A1,PO-2026-0412,1,4,roll,,\n"
        + "A2,PO-2026-0412,1,3,roll,,\n"
        + "A3,PO-2026-0412,2,1,,,\n"
        + "A4,PO-9,1,1,,,\n"
        + "A5,PO-2026-0412,1,1,m,BOREA,\n"
    )
    assert problems("asns", text) == [
        (
            3,
            "quantity",
            "PO-2026-0412 line 1 expects 120 more of CP-2-3; 140 would then be on the way.",
        ),
        (4, "line", "PO-2026-0412 has no line 2 for –."),
        (5, "po", "There is no purchase order PO-9. Import purchase orders first."),
        (6, "supplier", "PO-2026-0412 was ordered from HONGSHENG."),
    ]


def test_announced_codes_are_as_many_as_units_and_each_once(app: Flask) -> None:
    templates()
    load("products", "product,sku,name,unit,serial_policy\nA,AC,AC,pcs,unit\n")
    load("purchase_orders", "po,supplier,site,line,sku,quantity\nPO-7,HONGSHENG,DAYUAN,1,AC,4\n")
    text = 'asn,po,line,quantity,serials\nA,PO-7,1,2,S1 S2\nB,PO-7,1,2,"S2,\nS3,S4"\n'
    assert problems("asns", text) == [
        (3, "serials", "3 codes for 2 units. List every code, or none."),
        (3, "serials", "The code S2 is in row 2 too."),
    ]


def test_ten_thousand_lines_are_imported_at_once(app: Flask) -> None:
    rows = "".join(f"P{n // 10},S{n},Name {n},pcs\n" for n in range(10_000))
    loaded = load("products", "product,sku,name,unit\n" + rows)
    assert loaded.new == 10_000
    assert db.session.scalar(select(func.count()).select_from(Product)) == 1_001
    again = importing.preview("products", ("product,sku,name,unit\n" + rows).encode(), by="chloe")
    assert (again.new, len(again.already)) == (0, 10_000)
    assert db.session.scalar(select(func.count()).select_from(Sku)) == 10_001


def test_there_are_six_kinds_of_files(app: Flask) -> None:
    with pytest.raises(UnknownKind, match="ghosts cannot be imported"):
        importing.template("ghosts")
