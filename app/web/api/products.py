"""Products: what can be bought, kept and sold."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.domain.catalog import skus
from app.domain.catalog.products import Product, Sku
from app.kernel.db import db
from app.kernel.errors import N_
from app.web.api import goods_shapes as shapes
from app.web.api import paging
from app.web.api.room import Room
from app.web.stock.words import goods_words

room = Room("products", N_("SKUs and their products."), house_room="stock")


@room.get("", answer=shapes.ProductPage, query=shapes.Searched)
def list_products(asked: dict[str, Any]) -> dict[str, Any]:
    """List SKUs by code."""
    columns = (Sku.code, Sku.name, Sku.barcode, Product.name)
    query = select(Sku).join(Product).options(selectinload(Sku.conversions)).order_by(Sku.code)
    for word in asked["q"].split():
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in columns)))
    if "after" in asked:
        query = query.where(Sku.code > asked["after"])
    rows = list(db.session.scalars(query.limit(asked["limit"] + 1)))
    found, last = paging.cut(rows, asked["limit"])
    return paging.page([_product(one) for one in found], last.code if last else None)


@room.get("/<path:sku>", answer=shapes.Product)
def show_product(sku: str) -> dict[str, Any]:
    """Show one SKU."""
    return _product(skus.by_code(sku))


def _product(sku: Sku) -> dict[str, Any]:
    return {
        "sku": sku.code,
        "name": goods_words(sku.name),
        "product": sku.product.code,
        "category": sku.product.category,
        "barcode": sku.barcode,
        "unit": sku.unit,
        "step": sku.step,
        "units": sku.conversions,
        "serials": sku.serial_policy,
        "is_high_value": sku.is_high_value,
    }
