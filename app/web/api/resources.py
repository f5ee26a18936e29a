"""Every resource of the API, in the order its description tells them."""

from app.web.api import (
    cases,
    events,
    files,
    imports,
    papers,
    processes,
    products,
    stock,
    tasks,
    undelivered,
)
from app.web.api.room import Room

RESOURCES: tuple[Room, ...] = (
    tasks.room,
    cases.room,
    files.room,
    processes.room,
    events.messages,
    undelivered.stops,
    products.room,
    stock.room,
    papers.orders,
    papers.notices,
    papers.sellers,
    imports.room,
)
