"""A company of one's own: its people, and the CSV files it begins with."""

from app.identity import memberships, people
from tests.browser.desk import PASSWORD

PEOPLE = {
    "ada": ("administrator", "warehouse_manager", "buyer"),
    "chloe": ("buyer",),
    "bruno": ("warehouse_keeper",),
    "lee": ("inspector",),
}
FILES = {
    "products": """product,product_name,sku,name,unit,serial_policy
AC,Air conditioner,BA-28,Air conditioner 2.8 kW,unit,unit
BRACKET,Bracket,BR-1,Wall bracket,pair,none
""",
    "suppliers": """supplier,name
BOREA,Borea 北澤
""",
    "locations": """site,site_name,site_kind,location,kind,capacity
MAIN,Main warehouse,warehouse,A-01,internal,40
MAIN,,,A-02,internal,40
""",
    "opening_stock": """location,sku,quantity,unit,serials
A-01,BA-28,1,unit,BA28-00007
""",
    "purchase_orders": """po,supplier,site,ordered_by,ordered_on,currency,line,sku,quantity,unit
PO-1,BOREA,MAIN,chloe,2026-06-01,TWD,1,BA-28,4,unit
PO-1,BOREA,MAIN,chloe,2026-06-01,TWD,2,BR-1,4,pair
""",
}
NOTICE = """asn,supplier,po,line,sku,quantity,unit
B-77,BOREA,PO-1,1,BA-28,4,unit
B-77,BOREA,PO-1,2,BR-1,4,pair
"""


def engage() -> None:
    """Everybody who signs in; inside a step."""
    for name, roles in PEOPLE.items():
        person = people.add(name, name=name.title(), password=PASSWORD)
        for role in roles:
            memberships.grant(person, role, "*")
