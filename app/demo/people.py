"""Who works at the practice company; everybody has the same known password."""

from dataclasses import dataclass

from app.identity import memberships, people
from app.identity.accounts import SUPPLIER

PASSWORD = "heat-wave-week"  # noqa: S105 - known on purpose, and only with HOUTAI_DEMO=1
DAYUAN, NEIHU = "site:DAYUAN", "site:NEIHU"


@dataclass(frozen=True)
class Cast:
    """One person: sign-in name, name, what they do, and the roles that takes."""

    username: str
    name: str
    job: str
    roles: tuple[tuple[str, str], ...]


CAST = (
    Cast("lin", "林佳蓉 Lin Chia-jung", "buyer", (("buyer", "*"),)),
    Cast("chang", "張志豪 Chang Chih-hao", "warehouse keeper", (("warehouse_keeper", DAYUAN),)),
    Cast("ho", "何佩珊 Ho Pei-shan", "warehouse keeper", (("warehouse_keeper", DAYUAN),)),
    Cast("fang", "方美玲 Fang Mei-ling", "warehouse manager", (("warehouse_manager", DAYUAN),)),
    Cast("lee", "李怡君 Lee Yi-chun", "inspector", (("inspector", DAYUAN),)),
    Cast("huang", "黃建宏 Huang Chien-hung", "QC manager", (("qc_manager", "*"),)),
    Cast("chen", "陳柏翰 Chen Po-han", "purchasing manager", (("purchasing_manager", "*"),)),
    Cast("tung", "董雅文 Tung Ya-wen", "general manager", (("general_manager", "*"),)),
    Cast("cheng", "鄭凱文 Cheng Kai-wen", "planner", (("planner", "*"),)),
    Cast("wang", "王淑芬 Wang Shu-fen", "finance", (("finance", "*"),)),
    Cast("hsieh", "謝文彬 Hsieh Wen-pin", "finance", (("finance", "*"),)),
    Cast("yeh", "葉欣怡 Yeh Hsin-yi", "sells for Borea", (("supplier", "supplier:BOREA"),)),
    Cast("chou", "周先生 Mr Chou", "sells for Hongsheng", (("supplier", "supplier:HONGSHENG"),)),
    Cast("kuo", "郭思妤 Kuo Szu-yu", "customer service", (("customer_service", "*"),)),
    Cast("hsu", "許詩涵 Hsu Shih-han", "process analyst", (("analyst", "*"),)),
    Cast(
        "tsai",
        "蔡明哲 Tsai Ming-che",
        "Neihu outlet manager",
        (("warehouse_manager", NEIHU), ("warehouse_keeper", NEIHU)),
    ),
    Cast(
        "admin",
        "管理員 Administrator",
        "operator and administrator",
        (("administrator", "*"), ("operator", "*"), ("warehouse_manager", "*")),
    ),
)


def roster() -> str:
    """Who can sign in, and how, as a terminal shows it."""
    lines = (f"  {each.username:<7}{each.job:<28}{each.name}" for each in CAST)
    return "\n".join((f"\nPractice data. Everybody's password is: {PASSWORD}\n", *lines, ""))


def engage() -> None:
    """Add everybody with their roles; inside a step."""
    for each in CAST:
        party = next((scope for role, scope in each.roles if role == SUPPLIER), None)
        person = people.add(each.username, name=each.name, password=PASSWORD, party=party)
        for role, scope in each.roles:
            memberships.grant(person, role, scope)
