"""What we write to suppliers, in the languages of this house."""

from app.domain.catalog.rules import plain
from app.domain.payables.bills import Bill
from app.domain.supply.chases import Chase


def missing_goods(chase: Chase) -> tuple[str, str]:
    """Subject and text of the letter about goods that have not come."""
    order = chase.receipt.order
    number = order.number if order else chase.receipt.number
    rows = [
        f"- {line.order_line.sku.code} {line.order_line.sku.name}: "
        f"{plain(line.missing)} {line.order_line.sku.unit}"
        for line in chase.lines
        if line.missing
    ]
    subject = f"{number}: goods still missing / 貨物尚未到齊 / 货物尚未到齐 ({chase.number})"
    text = [
        f"These goods of our order {number} have not come yet. Please tell us when they will.",
        f"本公司採購單 {number} 尚有下列貨物未到，請告知交貨日期。",
        f"本公司采购订单 {number} 尚有下列货物未到，请告知交货日期。",
        "",
        *rows,
    ]
    return subject, "\n".join(text)


def disputed_bill(bill: Bill, claim: str) -> tuple[str, str]:
    """Subject and text of the letter about a bill that differs from what was ordered or came."""
    theirs = bill.supplier_number
    subject = f"{theirs}: a question about your bill / 帳單疑義 / 账单疑义 ({bill.number})"
    text = [
        f"Your bill {theirs} differs from our order or from what we accepted. Please answer us.",
        f"貴公司帳單 {theirs} 與本公司採購或驗收不符，請回覆。",
        f"贵公司账单 {theirs} 与本公司采购或验收不符，请回复。",
        "",
        claim,
    ]
    return subject, "\n".join(text)
