"""What we write to suppliers about prices and accounts, in the languages of this house."""

from typing import Any

from app.domain.supply.suppliers import Supplier

Paper = dict[str, Any]


def new_prices(proposal: Paper) -> tuple[str, str]:
    """Subject and text of the letter about prices that were agreed on."""
    since, number = proposal["valid_from"], proposal["proposal_no"]
    rows = [
        f"- {row['sku']} {row['name']}: {row['unit_price']} {proposal['currency']} / {row['unit']}"
        f" (≥ {row['min_quantity']})"
        for row in proposal["lines"]
    ]
    subject = f"{number}: prices agreed / 價格協議 / 价格协议 ({since})"
    text = [
        f"We agreed with you on these prices. Our orders use them from {since} on.",
        f"以下為與貴公司議定的價格，本公司採購單自 {since} 起採用。",
        f"以下为与贵公司议定的价格，本公司采购订单自 {since} 起采用。",
        "",
        *rows,
    ]
    return subject, "\n".join(text)


def new_account(supplier: Supplier) -> tuple[str, str]:
    """Subject and text of the letter after a bank account changed; it never names the account."""
    subject = f"{supplier.name}: new bank account / 銀行帳戶變更 / 银行账户变更"
    text = [
        "We pay you to another bank account now. Call us at once if you did not ask for that.",
        "今後款項將匯入貴公司的新帳戶。若非貴公司要求，請立即來電。",
        "今后款项将汇入贵公司的新账户。若非贵公司要求，请立即来电。",
    ]
    return subject, "\n".join(text)
