"""Orders, announced deliveries and suppliers as programs read them."""

from marshmallow import fields

from app.web.api.shapes import Paged, Shape, code, day, figure, flag, many, text, whole


class PapersAsked(Paged):
    """Which documents."""

    status = code("Where the document stands.")
    supplier = code("The code of the supplier.")
    site = code("The code of the site it is delivered to.")


class NoticesAsked(PapersAsked):
    """Which announced deliveries."""

    order = code("The number of the order it belongs to.")


class OrderLineShape(Shape):
    """One SKU of an order, in its stock unit."""

    line = whole()
    sku = text()
    name = text()
    unit = text()
    ordered = figure()
    received = figure()
    accepted = figure()
    rejected = figure()
    open = figure("Still expected.")


class OrderHead(Shape):
    """A purchase order in a list."""

    number = text()
    status = text()
    supplier = text()
    site = text()
    ordered_by = text("Who ordered: the name to sign in with.")
    ordered_on = day()
    due_on = day(nullable=True)
    currency = text()


class OrderPage(Shape):
    """Some orders, the newest first."""

    items = many(OrderHead)
    next = text(nullable=True)


class Order(OrderHead):
    """A purchase order with how much of each line has come."""

    hidden_while_counting = flag("Whether the reader still has to count these goods blindly.")
    lines = many(OrderLineShape, nullable=True, about="Null while they must stay unseen.")


class NoticeLine(Shape):
    """One SKU of an announced delivery, in its stock unit."""

    line = whole()
    sku = text()
    name = text()
    unit = text()
    quantity = figure()
    lot = text()
    expires_on = day(nullable=True)
    serials = fields.List(fields.String(), required=True)


class NoticeHead(Shape):
    """An announced delivery in a list."""

    number = text()
    status = text()
    supplier = text()
    site = text()
    order = text("The number of its order.")
    expected_on = day(nullable=True)


class NoticePage(Shape):
    """Some announced deliveries, the newest first."""

    items = many(NoticeHead)
    next = text(nullable=True)


class Notice(NoticeHead):
    """An announced delivery with its lines."""

    hidden_while_counting = flag("Whether the reader still has to count these goods blindly.")
    lines = many(NoticeLine, nullable=True, about="Null while they must stay unseen.")


class Supplier(Shape):
    """A company that sends us goods."""

    code = text()
    name = text()
    email = text()
    phone = text()


class SupplierPage(Shape):
    """Some suppliers, by code."""

    items = many(Supplier)
    next = text(nullable=True)
