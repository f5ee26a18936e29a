"""Every page of the books, hung on their door."""

from app.web.books import bills, costs, journal, periods, rates, statements
from app.web.books.room import rooms

__all__ = ["bills", "costs", "journal", "periods", "rates", "rooms", "statements"]
