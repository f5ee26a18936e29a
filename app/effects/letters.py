"""What we write to suppliers, in the languages of this house."""

from collections.abc import Sequence

from app.domain.catalog.rules import plain
from app.domain.payables.bill_chases import BillChase
from app.domain.payables.bills import Bill
from app.domain.payables.proposals import Billable
from app.domain.supply.cancelling import OrderCancellation
from app.domain.supply.chases import Chase
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.stranded import Stranded


def missing_goods(chase: Chase) -> tuple[str, str]:
    """Subject and text of the letter about goods that have not come."""
    number = chase.order.number if chase.order else chase.source.number
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


def unconfirmed(order: PurchaseOrder) -> tuple[str, str]:
    """Subject and text of the letter about an order nobody confirmed."""
    subject = f"{order.number}: please confirm / 請確認採購單 / 请确认采购订单"
    text = [
        f"We have not heard from you about our order {order.number}. Please confirm it.",
        f"本公司採購單 {order.number} 尚未獲貴公司確認，請回覆。",
        f"本公司采购订单 {order.number} 尚未获贵公司确认，请回复。",
    ]
    return subject, "\n".join(text)


def taken_back(order: PurchaseOrder, gone: Sequence[OrderCancellation]) -> tuple[str, str]:
    """Subject and text of the letter that takes back what has not come."""
    subject = f"{order.number}: cancelled / 採購單取消 / 采购订单取消"
    rows = [
        f"- {each.order_line.sku.code} {each.order_line.sku.name}: "
        f"{plain(each.quantity)} {each.order_line.sku.unit}"
        for each in gone
    ]
    text = [
        f"We no longer expect these goods of our order {order.number}. Please do not send them.",
        f"本公司採購單 {order.number} 之下列貨物已取消，請勿再出貨。",
        f"本公司采购订单 {order.number} 之下列货物已取消，请勿再发货。",
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


def missing_bill(chase: BillChase, goods: Sequence[Billable]) -> tuple[str, str]:
    """Subject and text of the letter about goods that came without a bill."""
    number = chase.order.number
    rows = [
        f"- {each.line.sku.code} {each.line.sku.name}: "
        f"{plain(each.quantity)} {each.line.sku.unit} ({each.line.number})"
        for each in goods
    ]
    subject = f"{number}: your bill is missing / 尚未收到帳單 / 尚未收到账单 ({chase.number})"
    text = [
        f"These goods of our order {number} came without a bill. Please send it.",
        f"本公司採購單 {number} 之下列貨物已驗收，尚未收到貴公司帳單，請惠寄。",
        f"本公司采购订单 {number} 的下列货物已验收，尚未收到贵公司账单，请寄来。",
        "",
        *rows,
    ]
    return subject, "\n".join(text)


def sent_back(number: str, goods: Sequence[Stranded], worth: str) -> tuple[str, str]:
    """Subject and text of the letter about defective goods that go back without a delivery."""
    rows = [
        f"- {each.sku.code} {each.sku.name}: {plain(each.quantity)} {each.sku.unit}"
        + (f" ({', '.join(each.serials)})" if each.serials else "")
        for each in goods
    ]
    subject = f"{number}: defective goods go back to you / 瑕疵品退回 / 缺陷品退回"
    text = [
        f"These goods are defective and go back to you. We charge you {worth} for them.",
        f"下列貨物有瑕疵，退回貴公司，並請貴公司負擔 {worth}。",
        f"下列货物有缺陷，退回贵公司，并请贵公司承担 {worth}。",
        "",
        *rows,
    ]
    return subject, "\n".join(text)
