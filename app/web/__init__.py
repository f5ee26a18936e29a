"""The pages people meet: each room one blueprint, plain links and plain posts first."""

from flask import Blueprint, Flask

from app.web import (
    addresses,
    compiled,
    gate,
    language,
    problems,
    reading,
    rooms,
    security,
    session,
    static_files,
    tongue,
    words,
)
from app.web.api.pages import file as api_file
from app.web.api.pages import rooms as api_page
from app.web.api.resources import RESOURCES
from app.web.backlog.pages import rooms as backlog
from app.web.bins.pages import rooms as bins
from app.web.books.pages import rooms as books
from app.web.calendars.pages import rooms as calendars
from app.web.cancelling.pages import rooms as cancelling
from app.web.cases.pages import rooms as cases
from app.web.comments.pages import rooms as comments
from app.web.documents.pages import rooms as documents
from app.web.evidence.pages import rooms as evidence
from app.web.forms.pages import rooms as forms
from app.web.imports.pages import rooms as imports
from app.web.inbox import told
from app.web.inbox.pages import rooms as inbox
from app.web.incidents.pages import rooms as incidents
from app.web.labels.pages import rooms as labels
from app.web.live import hub
from app.web.live.pages import rooms as live
from app.web.me.keys import rooms as keys
from app.web.me.pages import rooms as me
from app.web.more.pages import rooms as more
from app.web.people.all_keys import rooms as all_keys
from app.web.people.pages import rooms as people
from app.web.plans.pages import rooms as plans
from app.web.portal.pages import rooms as portal
from app.web.proof.pages import rooms as proof
from app.web.search.pages import rooms as search
from app.web.serials.pages import rooms as serials
from app.web.sign_in.pages import door
from app.web.start.pages import rooms as start
from app.web.stock.pages import rooms as stock
from app.web.suppliers.pages import rooms as suppliers
from app.web.tasks.pages import rooms as tasks
from app.web.welcome.pages import rooms as welcome

_FRAME = (
    compiled,
    addresses,
    session,
    language,
    tongue,
    security,
    gate,
    problems,
    rooms,
    static_files,
    words,
    reading,
    told,
    hub,
)
_ROOMS: tuple[Blueprint, ...] = (
    door,
    inbox,
    tasks,
    forms,
    cases,
    cancelling,
    comments,
    evidence,
    documents,
    portal,
    suppliers,
    stock,
    serials,
    bins,
    labels,
    plans,
    books,
    proof,
    incidents,
    backlog,
    imports,
    people,
    calendars,
    search,
    me,
    live,
    keys,
    more,
    welcome,
    start,
    all_keys,
    api_page,
    api_file,
    *RESOURCES,
)


def register(app: Flask) -> None:
    """Hang every room, the answers to problems and the words of the pages on `app`."""
    for part in _FRAME:
        part.register(app)
    for blueprint in _ROOMS:
        app.register_blueprint(blueprint)
    gate.exempt(app, api_file, *RESOURCES)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
