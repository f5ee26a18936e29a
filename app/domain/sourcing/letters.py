"""What we write to suppliers about orders, in the languages of this house."""

from app.domain.catalog.rules import plain
from app.domain.sourcing.order_versions import FIRST, OrderVersion, OrderVersionLine


def order(version: OrderVersion) -> tuple[str, str]:
    """Subject and text of the letter that orders goods, or changes what was ordered."""
    number, no = version.order.number, version.version_no
    if version.kind == FIRST:
        subject = f"{number}: new order / 新採購單 / 新采购订单"
        text = [
            f"Please deliver what our order {number} says, and confirm it.",
            f"請依本公司採購單 {number} 交貨，並回覆確認。",
            f"请按本公司采购订单 {number} 交货，并回复确认。",
        ]
    else:
        subject = f"{number}: order changed / 採購單變更 / 采购订单变更 ({no})"
        text = [
            f"Our order {number} was changed. Version {no} replaces what we sent before.",
            f"本公司採購單 {number} 已變更，以第 {no} 版取代先前內容。",
            f"本公司采购订单 {number} 已变更，以第 {no} 版取代此前内容。",
        ]
    return subject, "\n".join([*text, "", *_about(version), *map(_row, version.lines)])


def request(number: str, version: OrderVersion) -> tuple[str, str]:
    """Subject and text of the letter that asks what goods would cost."""
    subject = f"{number}: request for quotation / 詢價 / 询价"
    text = [
        "Please quote your price per unit and the day you can deliver these goods.",
        "請報下列貨物之單價及可交貨日期。",
        "请报下列货物的单价及可交货日期。",
    ]
    return subject, "\n".join([*text, "", *_about(version), *map(_goods, version.lines)])


def dropped_request(number: str, version: OrderVersion) -> tuple[str, str]:
    """Subject and text of the letter that ends a request for prices."""
    subject = f"{number}: request withdrawn / 取消詢價 / 取消询价"
    text = [
        f"We need these goods no more. Do not quote for {number}; no quotation of it is an order.",
        f"本公司不再需要下列貨物，詢價單 {number} 請不必報價；已提出之報價亦不視為訂購。",
        f"本公司不再需要下列货物，询价单 {number} 请不必报价；已提出的报价也不视为订购。",
    ]
    return subject, "\n".join([*text, "", *_about(version), *map(_goods, version.lines)])


def _goods(line: OrderVersionLine) -> str:
    return f"- {line.sku.code} {line.sku.name}: {plain(line.quantity)} {line.sku.unit}"


def _about(version: OrderVersion) -> list[str]:
    site = version.order.site
    due = version.due_on.isoformat() if version.due_on else "–"
    return [f"{site.name} ({site.code}) · {due}", ""]


def _row(line: OrderVersionLine) -> str:
    price = plain(line.unit_price) if line.unit_price is not None else "–"
    per = plain(line.priced_for) if line.priced_for != 1 else ""
    goods = f"{line.sku.code} {line.sku.name}: {plain(line.quantity)} {line.sku.unit}"
    return f"- {goods} × {price} {line.version.currency} / {per} {line.sku.unit}".replace("  ", " ")
